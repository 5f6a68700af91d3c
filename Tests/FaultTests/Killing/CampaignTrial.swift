import Foundation
import RapportCore
import RapportLog
import RapportSQLite
import RapportTestServers
import Testing

/// One campaign through a counting sink, while the hub that sends it is ended again and again.
final class CampaignTrial {
    /// Messages that may be under way at once.
    let window: Int
    private static let key = CampaignKey(name: "spring")

    let recipients: Int
    let hub: KillableHub
    let sink: CountingSink

    /// - Parameters:
    ///   - recipients: customers, of whom about one in a hundred each is refused by the sink for good, refused for now,
    ///     or has said no.
    ///   - repeats: whether the campaign is transactional and may repeat what nobody knows of.
    ///   - isDirect: as many connections as messages may be under way, so that each leaves as soon as it is handed off;
    ///     else as many of both as the adapter has without being told, and most messages wait for a connection.
    init(recipients: Int, repeats: Bool = false, isDirect: Bool = false) async throws {
        self.recipients = recipients
        window = isDirect ? 64 : 1024
        sink = try CountingSink { address in
            address.hasPrefix("refused")
                ? "550 5.1.1 No such mailbox" : address.hasPrefix("later") ? "451 4.3.0 Later" : nil
        }
        hub = try KillableHub(
            port: try FreePort.take(),
            adapters: [
                """
                mail-out: { type: smtp, host: 127.0.0.1, port: \(sink.port), tls: none, from: "Test <shop@hub.test>", \
                returnPath: bounce@hub.test, unsubscribe: unsubscribe@hub.test\(isDirect ? ", connections: 64, window: 64" : "") }
                """
            ])
        let lines = (0..<recipients).map { number in
            let said = number % 100 == 66 ? "news:*:denied:2026-01-05T10:00:00Z" : ""
            return "crm/\(number),N\(number),\(Self.address(number)),\(said)"
        }
        let file = try hub.installation.folder.write(
            (["id,name,email,consents"] + lines).joined(separator: "\n") + "\n", to: "customers.csv")
        try await hub.command(["customer", "import", file])
        let campaign = """
            title: "Spring"
            class: \(repeats ? "transactional" : "marketing")
            topic: \(repeats ? "care" : "news")
            channels: [email]
            audience: everyone
            \(repeats ? "repeats: true" : "")
            """
        try hub.installation.folder.write(campaign + "\n", to: "templates/campaigns/spring/campaign.yaml")
        try hub.installation.folder.write(
            "Subject: Hello {{name}}\n\nDear {{name}},\n\nspring is here.\n",
            to: "templates/campaigns/spring/email.txt")
        try await hub.command(["campaign", "send", "spring", "--detach"])
    }

    static func address(_ number: Int) -> String {
        let name = number % 100 == 33 ? "refused" : number % 100 == 34 ? "later" : "n"
        return "\(name)\(number)@good.test"
    }

    var everybody: Set<String> { Set((0..<recipients).map(Self.address)) }

    /// Starts the hub, and kills it at a moment.
    func kill(at moment: Moment, waiting: Int) async throws {
        guard case .inside(let share) = moment else {
            try await reach(moment, waiting: waiting)
            return try await hub.kill()
        }
        try await hub.start()
        sink.alarm.set(at: sink.count + Self.part(share, of: waiting), hub.killNow)
        try await hub.waitUntilKilled()
    }

    /// Starts the hub, and waits for the moment to end it.
    func reach(_ moment: Moment, waiting: Int) async throws {
        let before = sink.count
        try await hub.start()
        switch moment {
        case .after(let share, let pause):
            try await hub.wait(until: before + Self.part(share, of: waiting), pause: pause) { sink.count }
        case .inside(let share):
            try await hub.wait(until: before + Self.part(share, of: waiting), pause: .zero) { sink.count }
        case .whileStarting(let pause):
            let clock = ContinuousClock()
            let end = clock.now.advanced(by: pause)
            while clock.now < end, sink.count == before { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    private static func part(_ share: Double, of waiting: Int) -> Int { max(1, Int(Double(waiting) * share)) }

    /// How the rows stand in what an ended hub has left.
    func rows() async throws -> CampaignRows {
        try await hub.look { store in
            var rows: [DispatchRow] = []
            while true {
                let page = try await store.rows(
                    of: Self.key, states: Set(DispatchState.allCases), after: rows.last?.id, limit: 2000)
                rows += page
                if page.count < 2000 { return CampaignRows(rows) }
            }
        }
    }

    /// Starts the hub once more, waits until nothing is left to do but what has to wait, and stops it.
    func finish() async throws {
        try await hub.startAndWait()
        var last = ""
        try await Eventually.true("the campaign to come to its end", within: .seconds(300), log: { last + hub.log }) {
            let report = try await report()
            last = "\(report)\n"
            return report.states.keys.allSatisfy { CampaignReportJSON.settled.contains($0) }
        }
        #expect(try await hub.terminate() == .exited(0), FaultRun.again)
    }

    func report() async throws -> CampaignReportJSON {
        let result = try await hub.command(["campaign", "report", "spring", "--json", "--examples", "0"])
        return try JSONDecoder().decode(CampaignReportJSON.self, from: Data(result.output.utf8))
    }
}
