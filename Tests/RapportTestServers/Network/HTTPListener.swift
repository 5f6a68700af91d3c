import Foundation
import Glibc
import Synchronization

/// A small HTTP server inside the test, which records what it is asked: the far end of callbacks and webhooks.
package final class HTTPListener: Sendable {
    package struct Request: Sendable {
        package let method: String
        /// Path and query, as they came.
        package let target: String
        /// Field names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package var path: String { String(target.prefix { $0 != "?" }) }
        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The query parameters as bytes, which a gateway may send in another charset; of repeated names the last.
        package var queryBytes: [String: [UInt8]] {
            FormFields.decode(target.drop { $0 != "?" }.dropFirst())
        }

        /// The query parameters as UTF-8.
        package var query: [String: String] { queryBytes.mapValues { String(decoding: $0, as: UTF8.self) } }
    }

    package struct Answer: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: String
        /// Hangs up instead of answering.
        package static let none = Answer(status: 0)
        fileprivate var afterSilence: (@Sendable () -> Void)?

        /// Says nothing until the client has hung up, which it must do within two minutes, and then does this.
        package static func silence(_ then: @escaping @Sendable () -> Void) -> Answer {
            var answer = Answer(status: 0)
            answer.afterSilence = then
            return answer
        }

        package init(status: Int = 200, headers: [String: String] = [:], body: String = "") {
            (self.status, self.headers, self.body) = (status, headers, body)
        }
    }

    package var port: Int { listener.port }
    private let listener: LoopbackListener
    private let seen = Mutex<[Request]>([])

    /// Listens on a free port until `stop` or the last reference goes. Each request is answered on a thread of its own.
    package init(answer: @escaping @Sendable (Request) -> Answer = { _ in Answer() }) throws {
        listener = try LoopbackListener()
        listener.accept { [weak self] client in
            guard let self else { return false }
            serve(LoopbackConnection(adopting: client, patience: 20), answer)
            return true
        }
    }

    deinit { stop() }

    /// Stops accepting.
    package func stop() { listener.stop() }

    /// Everything asked so far, in order of arrival.
    package var requests: [Request] { seen.withLock { $0 } }

    /// Waits for the first request that fits.
    package func request(
        _ what: String, within limit: Duration = .seconds(30), where fits: (Request) -> Bool = { _ in true }
    ) async throws -> Request {
        try await Eventually.value(
            what, within: limit, log: { requests.map { "\($0.method) \($0.target)" }.joined(separator: "\n") }
        ) { requests.first(where: fits) }
    }

    private func serve(_ connection: sending LoopbackConnection, _ answer: @escaping @Sendable (Request) -> Answer) {
        let exchange = Exchange(connection: connection)
        Thread { [weak self] in
            while let request = try? exchange.next() {
                self?.seen.withLock { $0.append(request) }
                let answer = answer(request)
                if let then = answer.afterSilence {
                    exchange.waitForEnd()
                    return then()
                }
                guard answer.status > 0, (try? exchange.reply(answer)) != nil else { return }
            }
        }.start()
    }
}

/// The requests of one connection, one after the other. Only the thread that serves the connection ever touches it.
private final class Exchange: @unchecked Sendable {
    private let connection: LoopbackConnection

    init(connection: LoopbackConnection) { self.connection = connection }

    func next() throws -> HTTPListener.Request? {
        guard let start = try connection.readLine() else { return nil }
        let words = start.split(separator: " ")
        guard words.count == 3 else { throw TestServerError("not HTTP: \(start)") }
        let headers = try HTTPHead.fields(on: connection)
        return HTTPListener.Request(
            method: String(words[0]), target: String(words[1]), headers: headers,
            body: try HTTPHead.body(headers, on: connection, toEnd: false))
    }

    func waitForEnd() { connection.waitForEnd(atMostSeconds: 120) }

    func reply(_ answer: HTTPListener.Answer) throws {
        var fields = answer.headers
        fields["Content-Length"] = "\(answer.body.utf8.count)"
        let head = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
        try connection.write("HTTP/1.1 \(answer.status) Answer\r\n\(head)\r\n\(answer.body)")
    }
}
