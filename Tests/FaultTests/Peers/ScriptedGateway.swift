import Foundation
import RapportTestServers
import Synchronization

/// Something like Kannel's smsbox that treats each telephone as its row says.
final class ScriptedGateway: Sendable {
    private let rows: [String: GatewayRow]
    private let received = Mutex<[String: Int]>([:])
    private let refusedReports = Mutex<[String]>([])
    private let listener = Mutex<HTTPListener?>(nil)

    /// - Parameter rows: by telephone number.
    init(_ rows: [String: GatewayRow]) { self.rows = rows }

    /// Starts to listen.
    ///
    /// - Returns: where messages are posted to.
    func start() throws -> String {
        let listener = try HTTPListener { [weak self] request in self?.serve(request) ?? .none }
        self.listener.withLock { $0 = listener }
        return "http://127.0.0.1:\(listener.port)/cgi-bin/sendsms"
    }

    /// How often it got the message to a telephone.
    func count(_ number: String) -> Int { received.withLock { $0[number] ?? 0 } }

    /// Answers of the hub to reports that were no 2xx.
    var refusals: [String] { refusedReports.withLock { $0 } }

    private func serve(_ request: HTTPListener.Request) -> HTTPListener.Answer {
        let number = request.headers["x-kannel-to"] ?? ""
        guard let row = rows[number], let url = request.headers["x-kannel-dlr-url"] else {
            return HTTPListener.Answer(status: 400)
        }
        let time = received.withLock { received in
            defer { received[number, default: 0] += 1 }
            return received[number, default: 0]
        }
        let steps = row.script[min(time, row.script.count - 1)]
        let cut = steps.firstIndex { if case .report = $0 { false } else { true } } ?? steps.endIndex
        for step in steps[..<cut] { report(step, url) }
        let rest = Array(steps[cut...].dropFirst())
        if steps[cut] == .dawdle {
            return .silence { [self] in for step in rest { report(step, url) } }
        }
        // What follows the answer happens beside it.
        Thread { [self] in for step in rest { report(step, url) } }.start()
        guard case .answer(let status, let body) = steps[cut] else { return .none }
        return HTTPListener.Answer(status: status, body: body)
    }

    private func report(_ step: GatewayRow.Step, _ url: String) {
        guard case .report(let status) = step, let parts = URLComponents(string: fill(url, status)),
            let port = parts.port, let connection = try? LoopbackConnection(port: port)
        else { return refusedReports.withLock { $0.append("no hub") } }
        let target = parts.percentEncodedPath + "?" + (parts.percentEncodedQuery ?? "")
        try? connection.write("GET \(target) HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
        let line = (try? connection.readLine()) ?? "no answer"
        if line.firstMatch(of: #/^HTTP/1.1 2/#) == nil { refusedReports.withLock { $0.append(line) } }
    }

    /// Kannel's escapes in the URL that it was given.
    private func fill(_ url: String, _ status: Int) -> String {
        let values = [
            "%d": "\(status)", "%F": "smsc-1", "%A": "", "%p": "", "%P": "",
            "%T": "\(Int(Date().timeIntervalSince1970))",
        ]
        return values.reduce(url) { $0.replacing($1.key, with: $1.value) }
    }
}
