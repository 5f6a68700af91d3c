import Foundation
import RapportChannels
import RapportHTTPClient
import Testing

@Suite("Exchanges")
struct ExchangeTests {
    @Test("carry method, fields and body there, and status, fields and body back")
    func roundTrip() async throws {
        let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let server = try MisbehavingServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.answer(202, "X-Len: \(request.body == body)\r\nX-Empty:\r\nSet-Cookie: a=b\r\n", body: "héllo")
        }
        defer { server.stop() }
        let answer = try await withClient {
            try await $0.call(
                .local(
                    "POST", server.url("/a/../b?c=d"),
                    headers: [
                        HTTPField("X-Key", "v"), HTTPField("X-None", ""), HTTPField("Content-Type", "text/plain"),
                    ], body: body))
        }
        #expect(answer.status == 202)
        #expect(answer.body == Array("héllo".utf8))
        #expect(answer.header("x-len") == "true" && answer.header("x-empty") == "")
        let head = try #require(server.heads.first)
        #expect(head.hasPrefix("POST /a/../b?c=d HTTP/1.1\r\n"))
        #expect(head.contains("\r\nX-Key: v") && head.contains("\r\nX-None:"))
        #expect(head.contains("\r\nUser-Agent: Rapport"))
        #expect(head.contains("Content-Type: text/plain") && !head.contains("Expect") && !head.contains("x-www-form"))
    }

    @Test(
        "use the method of the call", arguments: ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"],
        [0, 3])
    func methods(method: String, length: Int) async throws {
        guard method != "HEAD" || length == 0 else { return }
        let server = try MisbehavingServer { connection in
            guard let request = connection.readRequest() else { return }
            let size = request.body.count
            connection.answer(200, "X-Size: \(size)\r\n", body: request.head.hasPrefix("HEAD") ? "" : "ok")
        }
        defer { server.stop() }
        let answer = try await withClient {
            try await $0.call(.local(method, server.url(), body: Array(repeating: 65, count: length)))
        }
        #expect(answer.header("x-size") == "\(length)")
        #expect(server.heads.first?.hasPrefix("\(method) / ") == true)
        #expect(server.heads.first?.lowercased().contains("content-type") == false)
    }

    @Test("skip interim answers and take chunked bodies")
    func interim() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
        }
        defer { server.stop() }
        let answer = try await withClient { try await $0.call(.local(server.url())) }
        #expect(answer.status == 200 && answer.body == Array("abc".utf8) && answer.header("x-early") == nil)
    }

    @Test("keep their connection")
    func keepAlive() async throws {
        let connections = Counter()
        let server = try MisbehavingServer { connection in
            connections.increment()
            while connection.readRequest() != nil { connection.answer() }
        }
        defer { server.stop() }
        try await withClient { client in
            for _ in 0..<20 {
                let answer = try await client.call(.local("POST", server.url(), body: [1]))
                #expect(answer.status == 200)
            }
        }
        #expect(connections.value == 1 && server.heads.count == 20)
    }

    @Test("run side by side, so many to one origin at once and the rest in turn")
    func sideBySide() async throws {
        let inside = Counter()
        let server = try MisbehavingServer { connection in
            while connection.readRequest() != nil {
                inside.increment()
                connection.answer(200, "X-Inside: \(inside.value)\r\n")
                inside.decrement()
            }
        }
        defer { server.stop() }
        var settings = HTTPClientSettings()
        settings.concurrencyPerOrigin = 4
        try await withClient(settings) { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask { try await client.call(.local("POST", server.url(), body: [1])).status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
        #expect(server.heads.count == 200)
        #expect(inside.highest <= 4)
    }

    @Test("have all of their time however long they waited for their turn")
    func ownTime() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let server = try MisbehavingServer { connection in
            while let request = connection.readRequest() {
                arrived.yield()
                usleep(request.head.contains("/first") ? 3_000_000 : 2_500_000)
                connection.answer()
            }
        }
        defer { server.stop() }
        var settings = HTTPClientSettings()
        settings.concurrencyPerOrigin = 1
        try await withClient(settings) { client in
            async let first = client.call(.local("POST", server.url("/first")))
            for await _ in arrivals { break }
            let second = try await client.call(.local("POST", server.url("/second"), timeout: 4500))
            #expect(second.status == 200)
            #expect(try await first.status == 200)
        }
    }

    @Test("that may be withdrawn are while they wait for their turn, and what has begun runs its course")
    func withdrawn() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        let server = try MisbehavingServer { connection in
            while connection.readRequest() != nil {
                arrived.yield()
                gate.wait()
                gate.signal()
                connection.answer()
            }
        }
        defer { server.stop() }
        var settings = HTTPClientSettings()
        settings.concurrencyPerOrigin = 1
        try await withClient(settings) { client in
            let revocable = HTTPCall(url: server.url("/revocable"), allowsPrivateAddresses: true, isRevocable: true)
            async let first = client.call(revocable)
            for await _ in arrivals { break }
            async let waiting = client.failure(revocable)
            async let other = client.call(.local(server.url("/other")))
            // Given a moment to stand in line; what comes after the withdrawal ends in the same way.
            try await Task.sleep(for: .milliseconds(50))
            client.withdraw()
            #expect(await waiting == .withdrawn)
            #expect(await client.failure(revocable) == .withdrawn)
            gate.signal()
            #expect(try await first.status == 200)
            #expect(try await other.status == 200)
        }
        #expect(server.heads.map { $0.contains("/revocable") } == [true, false])
    }

    /// In a process of its own, because the environment belongs to all threads.
    @Test("take no proxy from the environment")
    func proxy() async throws {
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
            let server = try MisbehavingServer { connection in
                while connection.readRequest() != nil { connection.answer() }
            }
            let answer = try await withClient { try await $0.call(.local(server.url())) }
            #expect(answer.status == 200)
            #expect(server.heads.first?.hasPrefix("GET / ") == true)
        }
    }
}
