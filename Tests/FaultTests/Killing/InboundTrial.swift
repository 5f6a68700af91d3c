import Foundation
import RapportChannels
import RapportCore
import RapportTestServers
import Synchronization

/// Clients that tell a hub of events, each until it says that it has it, while the hub is ended again and again.
final class InboundTrial: Asking {
    /// Shared by many events, so that who they are from is found or made at the same time.
    private static let people = 150
    private static let secret = "whsec_" + Data((0..<32).map { UInt8($0 * 7 + 1) }).base64EncodedString()

    struct Event: Sendable {
        var name: String
        var person: String
        var isMail: Bool
    }

    let events: [Event]
    let alarm = CountAlarm()
    private let port: Int
    private let mailPort: Int
    private let signing: StandardWebhooks
    private let acknowledged = Mutex<[String]>([])
    private let tries = Mutex(0)

    init(events count: Int) throws {
        port = try FreePort.take()
        mailPort = try FreePort.take()
        signing = try StandardWebhooks(secrets: [Secret(Self.secret)])
        events = (0..<count).map { number in
            Event(
                name: "event \(number)", person: "p\(number * 7919 % Self.people)@customers.test",
                isMail: number % 4 == 3)
        }
    }

    func makeHub() throws -> KillableHub {
        try KillableHub(
            port: port,
            adapters: [
                """
                shop: { type: webhook, signature: { scheme: standard-webhooks, secret: env:SHOP_SECRET }, \
                map: { id: /id, time: /timestamp, kind: /type, kinds: { contact.requested: message.received }, \
                addresses: [{ at: /data/email, scheme: mailto }], subject: /data/subject, text: /data/text } }
                """,
                """
                mail-in: { type: lmtp, listen: "127.0.0.1:\(mailPort)", returnPath: bounce@hub.test, \
                unsubscribe: unsubscribe@hub.test }
                """,
            ], environment: ["SHOP_SECRET": Self.secret])
    }

    /// What the hub has said that it has, in that order.
    var acknowledgements: [String] { acknowledged.withLock { $0 } }
    var count: Int { acknowledged.withLock { $0.count } }
    var size: Int { events.count }
    /// Requests and mails that were sent, those that failed and those sent again among them.
    var triesSoFar: Int { tries.withLock { $0 } }

    /// Runs all clients until the hub has acknowledged everything.
    func tellAll(clients: Int, seed: SeededGenerator) async throws {
        var seed = seed
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                let mine = stride(from: client, to: events.count, by: clients).map { events[$0] }
                let own = SeededGenerator(state: seed.next())
                group.addTask { try await self.tell(mine, own) }
            }
            try await group.waitForAll()
        }
    }

    private func tell(_ events: [Event], _ seed: SeededGenerator) async throws {
        var generator = seed
        for (index, event) in events.enumerated() {
            try await Eventually.true("a yes to \(event.name)", within: .seconds(120)) { try await send(event) }
            let count = acknowledged.withLock {
                $0.append(event.name)
                return $0.count
            }
            alarm.reached(count)
            // Providers repeat what was acknowledged, too.
            if Int.random(in: 0..<10, using: &generator) == 0 {
                _ = try await send(events[Int.random(in: 0...index, using: &generator)])
            }
        }
    }

    /// - Returns: whether the hub said that it has the event. Whatever else happens to a connection is a no.
    private func send(_ event: Event) async throws -> Bool {
        try Task.checkCancellation()
        tries.withLock { $0 += 1 }
        return event.isMail ? await sendMail(event) : await post(event)
    }

    private func post(_ event: Event) async -> Bool {
        let body = """
            {"id":"\(event.name)","type":"contact.requested","timestamp":"2026-03-01T09:00:00Z",\
            "data":{"email":"\(event.person)","subject":"\(event.name)","text":"please call me about \(event.name)"}}
            """
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let signature = signing.headers(id: "msg \(event.name)", at: now, body: Array(body.utf8))
        var headers = Dictionary(signature.map { ($0.name, $0.value) }) { first, _ in first }
        headers["Content-Type"] = "application/json"
        let answer = try? await LoopbackHTTP.post("/in/shop", port: port, headers: headers, body: body)
        return answer.map { (200..<300).contains($0.status) } ?? false
    }

    private func sendMail(_ event: Event) async -> Bool {
        let mail = """
            From: <\(event.person)>
            To: <service@hub.test>
            Subject: \(event.name)
            Message-ID: <\(event.name.replacing(" ", with: "-"))@customers.test>
            Date: Sun, 01 Mar 2026 09:00:00 +0000

            Please call me about \(event.name).

            """
        let replies = try? await SMTPDialogue.submit(
            port: mailPort, from: event.person, to: ["service@hub.test"], mail: mail, lmtp: true)
        return replies?.last?.hasPrefix("250") ?? false
    }
}
