import Foundation
import RapportTestServers
import Synchronization

/// Programs that ask a hub for single messages, each under an `Idempotency-Key`, until it says that it will send them,
/// while the hub is ended again and again.
final class MessageTrial: Asking {
    struct Accepted: Sendable {
        var number: Int
        var dispatch: String
    }

    let size: Int
    let sink: CountingSink
    let alarm = CountAlarm()
    private let port: Int
    private let accepted = Mutex<[Accepted]>([])
    private static let token = "demo-token"

    init(messages size: Int) throws {
        self.size = size
        port = try FreePort.take()
        sink = try CountingSink()
    }

    /// A hub that knows everybody.
    func makeHub() async throws -> KillableHub {
        let hash = "7c43ef5ae21d43ce2743f770c68e24def1a43ee2f416d2438410c8af7af2ff2c"
        let hub = try KillableHub(
            port: port,
            adapters: [
                """
                mail-out: { type: smtp, host: 127.0.0.1, port: \(sink.port), tls: none, from: "Test <shop@hub.test>", \
                returnPath: bounce@hub.test, unsubscribe: unsubscribe@hub.test }
                """
            ], more: "api: { tokens: [{ name: shop, hash: \"sha256:\(hash)\", scopes: [read, send] }] }")
        let lines = (0..<size).map { "crm/\($0),N\($0),\(address($0))" }
        let file = try hub.installation.folder.write(
            (["id,name,email"] + lines).joined(separator: "\n") + "\n", to: "customers.csv")
        try await hub.command(["customer", "import", file])
        return hub
    }

    func address(_ number: Int) -> String { "n\(number)@good.test" }
    /// Every other message may be repeated.
    func repeats(_ number: Int) -> Bool { number % 2 == 0 }

    var answers: [Accepted] { accepted.withLock { $0 } }
    var count: Int { accepted.withLock { $0.count } }

    /// Runs all clients until the hub has said yes to everything.
    func askAll(clients: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    for number in stride(from: client, to: self.size, by: clients) {
                        try await Eventually.true("a yes to message \(number)", within: .seconds(120)) {
                            try await self.ask(number)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func ask(_ number: Int) async throws -> Bool {
        try Task.checkCancellation()
        let body = """
            {"address":"mailto:\(address(number))","channels":["email"],"class":"transactional","topic":"care",\
            "subject":"Order \(number)","text":"Thank you.","repeats":\(repeats(number))}
            """
        let headers = [
            "Authorization": "Bearer \(Self.token)", "Content-Type": "application/json",
            "Idempotency-Key": "order-\(number)",
        ]
        let answer = try? await LoopbackHTTP.post("/v1/messages", port: port, headers: headers, body: body)
        guard let answer, (200..<300).contains(answer.status) else { return false }
        let said = try JSONDecoder().decode(Said.self, from: Data(answer.body))
        let count = accepted.withLock {
            $0.append(Accepted(number: number, dispatch: said.dispatch))
            return $0.count
        }
        alarm.reached(count)
        return true
    }

    private struct Said: Decodable {
        var dispatch: String
    }

    /// What `GET /v1/messages/{dispatch}` says.
    struct Message: Decodable {
        var state: String
    }

    func message(_ dispatch: String) async throws -> Message {
        let headers = ["Authorization": "Bearer \(Self.token)"]
        let answer = try await LoopbackHTTP.get("/v1/messages/\(dispatch)", port: port, headers: headers)
        return try JSONDecoder().decode(Message.self, from: Data(answer.body))
    }
}
