package import RapportChannels
import Synchronization
import Testing

/// Answers calls to one host and remembers them; a call to any other host fails the test.
package final class RecordingHTTP: HTTPCalling {
    private let host: String
    private let answer: @Sendable (HTTPCall) throws(HTTPCallError) -> HTTPAnswer
    private let recorded = Mutex<[HTTPCall]>([])
    private let withdrawn = Mutex(false)

    package init(host: String, answer: @escaping @Sendable (HTTPCall) throws(HTTPCallError) -> HTTPAnswer) {
        self.host = host
        self.answer = answer
    }

    package convenience init(host: String, status: Int, body: String = "", headers: [HTTPField] = []) {
        self.init(host: host) { _ in HTTPAnswer(status: status, headers: headers, body: Array(body.utf8)) }
    }

    package var calls: [HTTPCall] { recorded.withLock { $0 } }
    package var isWithdrawn: Bool { withdrawn.withLock { $0 } }

    package func withdraw() { withdrawn.withLock { $0 = true } }

    package func call(_ request: HTTPCall) async throws(HTTPCallError) -> HTTPAnswer {
        guard request.url.hasPrefix("http://\(host)/") || request.url.hasPrefix("https://\(host)/") else {
            Issue.record("a call to another host than \(host)")
            throw HTTPCallError(.refusedURL)
        }
        recorded.withLock { $0.append(request) }
        return try answer(request)
    }
}
