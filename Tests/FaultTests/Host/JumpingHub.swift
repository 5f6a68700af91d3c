import Foundation
import Logging
import RapportAddressing
import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import RapportTestServers
import Synchronization

@testable import RapportHub

/// The parts of a hub that look at the clock, on a clock that stands still until it is set, forward or back.
final class JumpingHub: Sendable {
    let store: SQLiteStore
    let policy: PolicyHolder
    private let folder: ScratchFolder
    private let instant: Mutex<Timestamp>
    private let looks = Mutex(0)

    init(policy: String, at start: Timestamp) async throws {
        folder = try ScratchFolder("clock")
        store = try await SQLiteStore.open(path: folder.path("rapport.db"))
        self.policy = PolicyHolder(try ContactPolicy(yaml: policy))
        instant = Mutex(start)
    }

    func set(_ now: Timestamp) { instant.withLock { $0 = now } }
    var now: Timestamp { instant.withLock { $0 } }

    /// How often anything has looked at the clock.
    var clockReadings: Int { looks.withLock { $0 } }

    private var clock: Clock {
        {
            self.looks.withLock { $0 += 1 }
            return self.now
        }
    }

    private var renderer: MessageRenderer {
        MessageRenderer(publicURL: "https://hub.test", tokens: DispatchTokens(secret: Secret("test")), clock: clock)
    }

    func importCustomers(_ addresses: [String]) async throws {
        let rows = addresses.enumerated().map { "crm/\($0),\($1)" }
        let file = try folder.write((["id,email"] + rows).joined(separator: "\n"), to: "people.csv")
        let importer = CustomerImporter(
            store: store, normalizer: AddressNormalizer(), region: "CN", policy: policy.current, clock: clock,
            author: "test")
        _ = try await importer.run(file: file, rejects: file + ".rejected") { _, _ in }
    }

    /// A customer asks by mail for something.
    func take(_ request: CustomerRequest, from address: String) async throws {
        let intake = Intake(
            store: store, normalizer: AddressNormalizer(), settings: IntakeSettings(), clock: clock)
        let event = InboundEvent(
            kind: .messageReceived, channel: .email, sourceID: "from \(address)",
            customerAddresses: [RawAddress(.mailto, address)], from: address, requests: [request])
        _ = try await intake.submit([event], adapter: "mail-in", region: nil)
    }

    /// Begins a campaign by mail to everyone.
    func startCampaign(_ name: String) async throws {
        let definition = CampaignDefinition(
            name: name, title: name, messageClass: .marketing, topic: "news", channels: [.email], adapters: [:],
            audience: .everyone, offer: nil, occurrence: nil, startAt: nil, expiry: nil, language: "en",
            throttle: ThrottleSettings(perMinute: 6000), repeats: false, variables: [:],
            templates: [.init(channel: .email, language: nil, part: .text, text: "Subject: News\n\nnews of \(name)\n")],
            attachments: [], content: name)
        let desk = CampaignDesk(
            store: store, normalizer: AddressNormalizer(), region: "CN",
            routes: RouteTable(adapters: [.email: ["mail"]]), policy: policy, renderer: renderer, clock: clock)
        _ = try await desk.send(definition, folder: nil) { _ in }
    }

    /// Runs a dispatcher while the body does its work.
    func dispatching(over adapter: any OutboundAdapter, _ body: () async throws -> Void) async throws {
        let node = try await store.register(host: "test", process: 1, at: now)
        let dispatcher = Dispatcher(
            store: store, adapters: [adapter], policy: policy, renderer: renderer, node: node, clock: clock,
            logger: Logger(label: "test"))
        let running = Task { try await dispatcher.run() }
        do {
            try await body()
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        try await running.value
    }

    /// Waits until the messages of a campaign are in these states.
    func waitForStates(_ states: [DispatchState: Int], of campaign: String) async throws {
        var last = CampaignProgress()
        try await Eventually.true("\(campaign) to be \(states)", log: { "\(last)" }) {
            last = try await store.progress(CampaignKey(name: campaign), at: now)
            return last.states.filter { $0.value > 0 } == states
        }
    }
}

/// Sends nothing, and notes to whom it would have and at which time of the hub's clock.
final class NotingAdapter: OutboundAdapter {
    let name = "mail"
    let channel = Channel.email
    let window = 8
    private let clock: Clock
    private let sent = Mutex<[(to: String, at: Timestamp)]>([])

    init(clock: @escaping Clock) { self.clock = clock }

    var notes: [(to: String, at: Timestamp)] { sent.withLock { $0 } }

    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        let note = (to: message.to.deliverable, at: clock())
        sent.withLock { $0.append(note) }
        return Receipt()
    }
}
