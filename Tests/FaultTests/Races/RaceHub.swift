import Foundation
import Logging
import RapportAddressing
import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import RapportTestServers
import RapportTestSupport

@testable import RapportHub

/// Two hubs on one store, as two processes would open it, with clocks that differ.
struct RaceHub {
    let folder: ScratchFolder
    let clock = RaceClock()
    let recorder = RaceRecorder()
    let chance: SharedChance
    let policy: PolicyHolder
    let sides: [Side]

    /// What one process has of its own.
    struct Side {
        let store: SQLiteStore
        let clock: Clock
        let dispatcher: Dispatcher
        let sink: WatchedSink
        let campaigns: CampaignDesk
        let preferences: PreferenceDesk
        let importer: CustomerImporter
    }

    init(_ generator: SeededGenerator) async throws {
        folder = try ScratchFolder("races")
        chance = SharedChance(generator)
        policy = PolicyHolder(try ContactPolicy(yaml: RacePolicy.text))
        var sides: [Side] = []
        for off in [Int64(0), -2500] {
            sides.append(
                try await Self.side(
                    path: folder.path("hub.db"), clock: clock.read(off: off), recorder: recorder, chance: chance,
                    policy: policy))
        }
        self.sides = sides
    }

    private static func side(
        path: String, clock: @escaping Clock, recorder: RaceRecorder, chance: SharedChance, policy: PolicyHolder
    ) async throws -> Side {
        let store = try await SQLiteStore.open(path: path)
        let renderer = MessageRenderer(
            publicURL: "https://hub.example", tokens: DispatchTokens(secret: Secret("races")), clock: clock)
        let watched = InterposedStore.watched(store, by: recorder) { await chance.pause(below: 12) }
        let node = try await store.register(host: "races", process: 1, at: clock())
        var settings = Dispatcher.Settings()
        settings.pollMilliseconds = 20
        settings.batch = 32
        let dispatcher = Dispatcher(
            store: watched,
            adapters: [
                UnsteadyAdapter(name: "mail", channel: .email, node: node, recorder: recorder, chance: chance),
                UnsteadyAdapter(name: "sms", channel: .sms, node: node, recorder: recorder, chance: chance),
            ], policy: policy, renderer: renderer,
            node: node, settings: settings, clock: clock,
            logger: Logger(label: "races") { _ in SwiftLogNoOpLogHandler() })
        let intake = Intake(store: store, normalizer: AddressNormalizer(), settings: IntakeSettings(), clock: clock)
        let sink = WatchedSink(sink: intake, recorder: recorder)
        return Side(
            store: store, clock: clock, dispatcher: dispatcher, sink: sink,
            campaigns: CampaignDesk(
                store: store, normalizer: AddressNormalizer(), region: "CN",
                routes: RouteTable(adapters: [.email: ["mail"], .sms: ["sms"]]), policy: policy, renderer: renderer,
                clock: clock),
            preferences: PreferenceDesk(
                store: store, sink: sink, policy: policy,
                routes: RouteTable(adapters: [.email: ["mail"], .sms: ["sms"]]), clock: clock),
            importer: CustomerImporter(
                store: store, normalizer: AddressNormalizer(), region: "CN", policy: policy.current, clock: clock,
                author: "races"))
    }

    /// Customers of whom every two share a mailbox, every two others a number, and every three a household.
    func people(_ count: Int) async throws {
        var lines = ["id,name,email,phone,household,consents"]
        for number in 0..<count {
            lines.append(
                "crm/\(number),N\(number),n\(number / 2)@example.com,+861380013\(1000 + (number + 1) / 2),"
                    + "h\(number / 3),offers:*:granted:2026-01-05T10:00:00Z")
        }
        let file = try folder.write(lines.joined(separator: "\n"), to: "people.csv")
        let report = try await sides[0].importer.run(file: file, rejects: folder.path("rejected.csv")) { _, _ in }
        guard report.rejected == 0 else { throw RaceError(text: folder.text(of: "rejected.csv")) }
    }

    func customers() async throws -> [Customer] {
        try await sides[0].store.audience(AudienceFilter(), after: nil, limit: 10_000)
    }

    func close() async throws {
        for side in sides.reversed() { try await side.store.close() }
    }
}

struct RaceError: Error {
    var text: String
}
