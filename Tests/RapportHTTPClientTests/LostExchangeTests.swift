import Foundation
import RapportChannels
import RapportHTTPClient
import Testing

/// Whether a request may have been acted upon decides whether its message may be sent again.
@Suite("Exchanges that fail")
struct LostExchangeTests {
    private static let large = [UInt8](repeating: 0x61, count: 32 << 20)

    private func failure(
        _ call: (MisbehavingServer) -> HTTPCall, script: @escaping @Sendable (ServedConnection) -> Void
    ) async throws -> (code: HTTPCallError.Code?, heads: [String]) {
        let server = try MisbehavingServer(script: script)
        defer { server.stop() }
        let code = try await withClient { await $0.failure(call(server)) }
        return (code, server.heads)
    }

    @Test("because nobody listens did not send the request")
    func nobodyListens() async throws {
        let code = try await withClient { await $0.failure(.local("POST", "http://127.0.0.1:1/", body: [1])) }
        #expect(code == .connection)
    }

    @Test("because the server does not speak TLS did not send the request")
    func notTLS() async throws {
        let (code, _) = try await failure({ .local($0.url().replacing("http:", with: "https:")) }) {
            $0.write("SMTP or so\r\n")
            $0.waitForClose()
        }
        #expect(code == .tls)
    }

    @Test("because the server takes nothing in time did not send it whole")
    func stallsBeforeBody() async throws {
        let (code, _) = try await failure({ .local("POST", $0.url(), body: Self.large, timeout: 1500) }) {
            $0.stallWithoutReading()
        }
        #expect(code == .timeoutBeforeSent)
    }

    @Test("because the server drops the line in the middle of the body did not send it whole")
    func dropsBeforeBody() async throws {
        let (code, _) = try await failure({ .local("POST", $0.url(), body: Self.large) }) {
            _ = $0.readHead()
            $0.reset()
        }
        #expect(code == .connection)
    }

    @Test(
        "because the server read the request and was never heard of again are lost after it was sent",
        arguments: [("POST", 1), ("POST", 0), ("POST", 100_000), ("POST", 4 << 20), ("PUT", 0), ("GET", 0)])
    func stallsAfterBody(method: String, size: Int) async throws {
        let body = [UInt8](repeating: 0x61, count: size)
        // What is large must have been sent by then, on a busy machine too.
        let timeout = size >= 100_000 ? 15_000 : 2500
        let (code, heads) = try await failure({ .local(method, $0.url(), body: body, timeout: timeout) }) {
            _ = $0.readRequest()
            $0.waitForClose()
        }
        #expect(code == .lostAfterSent)
        #expect(heads.count == 1)
    }

    @Test(
        "because the server read the request and dropped the line are lost after it was sent",
        arguments: [1, 0, 100_000, 4 << 20], [true, false])
    func dropsAfterBody(size: Int, withReset: Bool) async throws {
        let body = [UInt8](repeating: 0x61, count: size)
        let (code, heads) = try await failure({ .local("POST", $0.url(), body: body) }) {
            _ = $0.readRequest()
            if withReset { $0.reset() }
        }
        #expect(code == .lostAfterSent)
        #expect(heads.count == 1)
    }

    @Test("in the middle of the answer are lost after the request was sent", arguments: ["HTTP/1.1 200 OK\r\n", ""])
    func truncated(head: String) async throws {
        let (code, _) = try await failure({ .local("POST", $0.url(), body: [1]) }) {
            _ = $0.readRequest()
            $0.write(head.isEmpty ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" : head)
        }
        #expect(code == .lostAfterSent)
    }

    @Test("because bytes trickle in are ended by the time limit of the whole")
    func slowBytes() async throws {
        let (code, _) = try await failure({ .local($0.url(), timeout: 5000) }) { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.write("a") { usleep(20_000) }
        }
        #expect(code == .lostAfterSent)
    }

    @Test(
        "on a kept connection that dies are not written a second time: they may have been acted upon",
        arguments: ["POST", "GET"])
    func noRepeat(method: String) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.answer()
            _ = connection.readRequest()
        }
        defer { server.stop() }
        let code = try await withClient { client in
            _ = try await client.call(.local(method, server.url("/first")))
            return await client.failure(.local(method, server.url("/second")))
        }
        #expect(code == .lostAfterSent)
        #expect(server.heads.filter { $0.contains("/second") }.count == 1)
    }

    @Test("because the answer is longer than its limit say so", arguments: [true, false])
    func hugeAnswer(isAnnounced: Bool) async throws {
        let (code, _) = try await failure({ .local($0.url(), answerLimit: 1000) }) { connection in
            _ = connection.readRequest()
            let size = isAnnounced ? "Content-Length: 1000000000\r\n" : ""
            connection.write("HTTP/1.1 200 OK\r\n\(size)\r\n")
            let chunk = [UInt8](repeating: 0x61, count: 65_536)
            while connection.write(chunk) {}
        }
        #expect(code == .answerTooLarge)
    }

    @Test("because the answer's fields never end say so")
    func hugeHead() async throws {
        let (code, _) = try await failure({ .local($0.url()) }) { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-More: and more of it\r\n") {}
        }
        #expect(code == .answerTooLarge)
    }

    @Test("do not: an answer just as long as its limit is taken")
    func answerAtLimit() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.answer(body: String(repeating: "a", count: 1000))
        }
        defer { server.stop() }
        let answer = try await withClient { try await $0.call(.local(server.url(), answerLimit: 1000)) }
        #expect(answer.body.count == 1000)
    }
}
