import Foundation
import RapportTestServers
import Synchronization
import Testing

@Suite("A disk that is full", .enabled(if: Machine.canMount), .timeLimit(.minutes(5)))
struct DiskTests {
    private static let clients = 8
    private static let eventsEach = 10
    private static let messages = 12

    /// Answers messages only when it is told to, so that they are in flight until then.
    private final class HeldGateway: Sendable {
        private let isOpen = Mutex(false)
        private let seen = Mutex<[String]>([])

        var received: [String] { seen.withLock { $0 } }
        func open() { isOpen.withLock { $0 = true } }

        func answer(_ request: HTTPListener.Request) -> HTTPListener.Answer {
            seen.withLock { $0.append(request.headers["x-kannel-to"] ?? "") }
            while !isOpen.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.01) }
            return HTTPListener.Answer(status: 202, body: "0: Accepted for delivery")
        }
    }

    @Test("is told to every client, loses nothing that was acknowledged or in flight, and needs no restart to be over")
    func fillsAndIsFreed() async throws {
        let disk = try await OwnDisk.mount(megabytes: 32)
        let gateway = HeldGateway()
        let listener = try HTTPListener { gateway.answer($0) }
        var stage = try HubStage()
        stage.store = "\(disk.path)/rapport.db"
        stage.takesWebhooks()
        stage.takesMail()
        stage.environment["SMS_SECRET"] = "a-secret-in-the-path"
        stage.adapters["sms"] = """
            { type: kannel, url: "http://127.0.0.1:\(listener.port)/send", username: rapport, window: 4, \
            password: env:SMS_SECRET, secret: env:SMS_SECRET, callbackURL: "http://127.0.0.1:\(stage.port)", timeout: 300s }
            """
        let binary = try await disk.launcher(of: RapportInstallation.locateBinary())
        try await StagedHub.with(stage, binary: binary) { hub in
            let numbers = (0..<Self.messages).map { "+1415555\(3000 + $0)" }
            try await hub.importCustomers(numbers)
            var ids: [String] = []
            for number in numbers { ids.append(try await hub.send(to: number, channel: "sms", over: "sms")) }
            try await Eventually.true("messages to be in flight") { gateway.received.count == 4 }
            #expect(try await hub.post(event: "before").status == 200)
            #expect(try await deliver("mail-1", hub) == "250")

            try disk.fill()
            let refused = try await postAll(hub)
            #expect(!refused.isEmpty, "the disk was never full")
            #expect(try await deliver("mail-2", hub) == "451")
            // What is in flight ends while nothing can be written down.
            gateway.open()
            #expect(try await LoopbackHTTP.get("/healthz", port: hub.port).status == 200)
            #expect(hub.process.isRunning)

            try disk.free()
            for event in refused {
                try await Eventually.true("\(event) to be taken", log: { hub.log }) {
                    try await hub.post(event: event).status == 200
                }
            }
            try await Eventually.true("mail to be taken", log: { hub.log }) {
                try await deliver("mail-2", hub) == "250"
            }
            for id in ids { #expect(try await hub.settled(id).state == "accepted") }
            #expect(gateway.received.sorted() == numbers.sorted(), "each once")
            #expect(hub.process.isRunning)
            try await everythingOnce(hub)
        }
        listener.stop()
    }

    private static var events: [String] {
        (0..<clients).flatMap { client in (0..<eventsEach).map { "event-\(client)-\($0)" } }
    }

    /// - Returns: the events that were refused, each with 503 and a time to come back.
    private func postAll(_ hub: StagedHub) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for client in 0..<Self.clients {
                group.addTask {
                    var refused: [String] = []
                    for number in 0..<Self.eventsEach {
                        let event = "event-\(client)-\(number)"
                        let answer = try await hub.post(event: event)
                        if answer.status == 200 { continue }
                        #expect(answer.status == 503, "\(answer.text)")
                        #expect(answer.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0)
                        refused.append(event)
                    }
                    return refused
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// - Returns: the code of the answer to the final dot.
    private func deliver(_ id: String, _ hub: StagedHub) async throws -> String {
        let mail =
            "From: <\(id)@people.test>\nTo: <shop@hub.test>\nMessage-ID: <\(id)@people.test>\nSubject: \(id)\n\nhello\n"
        let replies = try await SMTPDialogue.submit(
            port: hub.stage.mailPort, from: "\(id)@people.test", to: ["shop@hub.test"], mail: mail, lmtp: true)
        return String(replies.last?.prefix(3) ?? "")
    }

    private func everythingOnce(_ hub: StagedHub) async throws {
        let rows = try await hub.rows().filter { $0.kind == "message.received" }
        let wanted = Self.events + ["before", "mail-1", "mail-2"]
        let found = rows.compactMap(\.sourceID).map { name in wanted.first { name.contains($0) } ?? name }
        #expect(found.sorted() == wanted.sorted())
    }
}
