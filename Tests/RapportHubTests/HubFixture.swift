import Foundation
import Logging
import RapportAddressing
import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import RapportTestSupport
import Synchronization
import Testing

@testable import RapportHub

/// A hub on a store of its own, with a clock that stands still until it is moved.
final class HubFixture: Sendable {
    let store: SQLiteStore
    let folder: URL
    private let instant: Mutex<Timestamp>

    static let start = Timestamp(rfc3339: "2026-06-15T04:00:00Z")!
    static let policyText = """
        timeZone: Asia/Shanghai
        topics:
          offers: { title: "Offers", consent: opt-in }
          news:   { title: "News", consent: opt-out }
          care:   { title: "Care", consent: none }
          club:   { title: "Club", consent: opt-in, doubleOptIn: [email, sms] }
        rules:
          - openCase:   { kinds: [complaint] }
          - responded:  { within: 60d }
          - duplicate:  { same: content, per: address, within: 90d }
          - cap:        { max: 2, per: 7d, scope: customer }
          - quietHours: { from: "21:00", to: "08:00", channels: [sms] }
        """

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rapport-hub-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try await SQLiteStore.open(path: folder.appending(path: "hub.db").path)
        instant = Mutex(Self.start)
        policy = PolicyHolder(try ContactPolicy(yaml: Self.policyText))
    }

    var now: Timestamp { instant.withLock { $0 } }
    var clock: Clock { { self.now } }
    let policy: PolicyHolder
    var tokens: DispatchTokens { DispatchTokens(secret: Secret("test")) }
    var renderer: MessageRenderer {
        MessageRenderer(publicURL: "https://hub.example", tokens: tokens, clock: clock)
    }
    /// A node of its own that sends.
    ///
    /// - Parameter store: what it sees of the store; all of it without one.
    func dispatcher(_ adapters: [any OutboundAdapter], over store: InterposedStore? = nil) async throws -> Dispatcher {
        let node = try await self.store.register(host: "test", process: 1, at: now)
        return Dispatcher(
            store: store ?? InterposedStore(self.store), adapters: adapters, policy: policy, renderer: renderer,
            node: node, clock: clock, logger: Logger(label: "test"))
    }

    var intake: Intake {
        Intake(store: store, normalizer: AddressNormalizer(), settings: IntakeSettings(), clock: clock)
    }
    let normalizer = AddressNormalizer()
    let routes = RouteTable(adapters: [.email: ["mail"], .sms: ["sms"]])

    var campaigns: CampaignDesk {
        CampaignDesk(
            store: store, normalizer: AddressNormalizer(), region: "CN", routes: routes, policy: policy,
            renderer: renderer, clock: clock)
    }

    var desk: CustomerDesk { CustomerDesk(store: store, clock: clock, adapter: "cli", author: "lena") }

    var suppressions: SuppressionDesk {
        SuppressionDesk(store: store, clock: clock, adapter: "cli", author: "lena")
    }

    func advance(seconds: Int64) {
        instant.withLock { $0 = $0.adding(seconds: seconds) }
    }

    /// Waits for something that goes on by itself; records an issue when it has not come about after a minute.
    func waits(
        _ what: String, at place: SourceLocation = #_sourceLocation, until isDone: () async throws -> Bool
    ) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(60))
        while try await !isDone() {
            guard clock.now < deadline else {
                Issue.record("waited a minute for \(what), in vain", sourceLocation: place)
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Takes one event in and returns what became of it.
    func take(_ event: InboundEvent, adapter: String = "shop") async throws -> CommittedEvent {
        try await intake.submit([event], adapter: adapter, region: nil)[0]
    }

    func message(
        from address: String, _ text: String = "hello", id: String? = nil, channel: Channel = .email,
        requests: [CustomerRequest] = []
    ) -> InboundEvent {
        InboundEvent(
            kind: .messageReceived, channel: channel, sourceID: id ?? UUID().uuidString,
            customerAddresses: [RawAddress(guessing: address)], from: address, text: text, requests: requests)
    }

    /// Imports customers from lines of CSV; bad ones go to the file with `.rejected` behind its name.
    func imports(_ csv: String, file: String? = nil) async throws -> CustomerImporter.Report {
        let file = file ?? folder.appending(path: "\(UUID().uuidString).csv").path
        try Data(csv.utf8).write(to: URL(filePath: file))
        let importer = CustomerImporter(
            store: store, normalizer: AddressNormalizer(), region: "CN", policy: policy.current, clock: clock,
            author: "lena")
        return try await importer.run(file: file, rejects: file + ".rejected") { _, _ in }
    }

    func customer(at address: String) async throws -> Customer? {
        let address = try AddressNormalizer().normalize(RawAddress(guessing: address), region: "CN")
        guard let id = try await store.customers(at: [address])[address]?.first else { return nil }
        return try await store.customers([id])[id]
    }

    func close() async throws {
        try await store.close()
        try FileManager.default.removeItem(at: folder)
    }
}

/// An adapter that sends nothing and remembers everything; told how to answer.
final class RecordingAdapter: OutboundAdapter {
    let name: String
    let channel: Channel
    let window: Int
    private let sent = Mutex<[OutboundMessage]>([])
    private let answer: @Sendable (OutboundMessage) async -> Result<Receipt, SendError>

    init(
        name: String, channel: Channel, window: Int = 8,
        answer: @escaping @Sendable (OutboundMessage) async -> Result<Receipt, SendError> = { _ in .success(Receipt()) }
    ) {
        self.name = name
        self.channel = channel
        self.window = window
        self.answer = answer
    }

    var messages: [OutboundMessage] { sent.withLock { $0 } }

    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        sent.withLock { $0.append(message) }
        return try await answer(message).get()
    }
}
