import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Metrics
import NIOCore
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy
import RapportSQLite
import RapportTestSupport
import Testing

@testable import RapportServer

/// A whole hub but for its adapters: the real intake, desks and store, in a folder of its own.
struct TestHub: Sendable {
    static let now = Timestamp(rfc3339: "2026-05-31T10:00:00Z") ?? Timestamp(seconds: 0)
    static let policy = """
        timeZone: Asia/Shanghai
        topics:
          offers: { title: "Offers", consent: opt-in }
          news: { title: "News \\"><script>alert(1)</script> \\u0022\\u0301 x=", consent: opt-out }
          care: { title: "Care", consent: none }
          club: { title: "Club", consent: opt-in, doubleOptIn: [email, sms] }
        """

    let store: any RapportLog.Store
    let services: HubServices
    let settings: ServerSettings
    let log: RecordingLog

    /// - Parameter sink: stands in for the intake.
    static func run<Value: Sendable>(
        _ setup: TestingSetup = .router, adapters: [any InboundAdapter] = [TestAdapter()],
        sink: (any EventSink)? = nil, change: (inout ServerSettings) -> Void = { _ in },
        missing: [String] = [], _ body: @Sendable (TestHub, any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await SQLiteStore.open(path: folder.appending(path: "rapport.db").path)
        var settings = ServerSettings(publicURL: "https://hub.example/base/", bodyLimit: 4096)
        settings.tokens = try [
            APIToken(name: "reader", sha256: TestHub.hash("read-token"), scopes: [.read]),
            APIToken(name: "shop", sha256: TestHub.hash("shop-token"), scopes: [.read, .write, .send]),
            APIToken(name: "till", sha256: TestHub.hash("till-token"), scopes: [.send]),
        ]
        change(&settings)
        let hub = try TestHub(store: store, settings: settings, adapters: adapters, sink: sink, missing: missing)
        let server = try makeServer(settings: settings, services: hub.services)
        let value = try await server.application.test(setup) { client in try await body(hub, client) }
        try await store.close()
        return value
    }

    /// Without a server before them.
    var hooks: Hooks {
        Hooks(
            settings: settings, services: services,
            bounds: BodyBounds(deadlines: BodyDeadlines(timeoutSeconds: 10), budget: BodyBudget(limit: 1 << 20)),
            log: RequestLog(metrics: services.metrics))
    }

    private init(
        store: any RapportLog.Store, settings: ServerSettings, adapters: [any InboundAdapter], sink: (any EventSink)?,
        missing: [String]
    ) throws {
        let clock: RapportCore.Clock = { TestHub.now }
        let normalizer = PlainNormalizer()
        let intake = sink ?? Intake(store: store, normalizer: normalizer, settings: IntakeSettings(), clock: clock)
        let policy = PolicyHolder(try ContactPolicy(yaml: TestHub.policy))
        let tokens = DispatchTokens(secret: Secret("a secret of the hub's own"))
        let routes = RouteTable(adapters: [.email: ["mail"], .sms: ["sms"]])
        let log = RecordingLog()
        self.store = store
        self.settings = settings
        self.log = log
        let metrics = PrometheusRegistry()
        services = HubServices(
            store: store, sink: intake, inbound: adapters,
            campaigns: CampaignCourse(store: store, clock: clock),
            messages: MessageDesk(store: store, routes: routes, clock: clock),
            preferences: PreferenceDesk(
                store: store, sink: intake, policy: policy, routes: routes, clock: clock), policy: policy,
            customers: { CustomerDesk(store: store, clock: clock, adapter: $0, author: $0) },
            normalizer: normalizer, region: "CN", tokens: tokens, metrics: metrics,
            measure: { Gauge(label: "test_measured", factory: metrics).record(1) }, clock: clock,
            logger: log.logger(), readiness: { missing })
    }

    /// Lets a customer with these addresses write once, so that they are known.
    func customer(_ addresses: [RawAddress], language: String? = nil) async throws -> CustomerID {
        let event = InboundEvent(
            kind: .messageReceived, channel: .email, customerAddresses: addresses, subject: "hello", language: language)
        return try #require(try await services.sink.submit([event], adapter: "mail", region: nil)[0].customer)
    }

    func preferencePath(of customer: CustomerID) -> String {
        "/u/" + services.tokens.token(for: customer)
    }

    /// The page as the link opens it that stands in a message to this address.
    func linkedPath(to address: String, of customer: CustomerID) async throws -> String {
        let known = try #require(try await store.customers([customer])[customer])
        let address = try #require(known.addresses.first { $0.uri == address })
        let channel = try #require([Channel.email, .sms].first(where: address.scheme.carries))
        let planned = try await services.messages.send(
            SingleMessage(text: "{{preferencesURL}}"), to: known, channels: [channel], messageClass: .transactional,
            topic: "care", address: address)
        return "/u/" + services.tokens.linkToken(for: planned.id, at: address)
    }

    static func hash(_ token: String) -> String { Hex.encode(APIToken.digest(of: token)) }
}

/// Mailboxes in lower case, numbers as they are; a number without digits is none.
struct PlainNormalizer: AddressNormalizing {
    func normalize(_ raw: RawAddress, region: String) throws(AddressError) -> Address {
        let text = raw.scheme == .mailto ? raw.text.lowercased() : raw.text.filter { !$0.isWhitespace }
        guard raw.scheme != .tel || text.contains(where: \.isNumber),
            let address = Address(normalized: "\(raw.scheme.rawValue):\(text)")
        else { throw AddressError(.malformed, "expected digits") }
        return address
    }
}

/// Says what the request's header `x-say` asks for; logs the body and the URL it was called by otherwise.
struct TestAdapter: InboundAdapter {
    var name = "shop"
    var bodyLimit: Int { 1024 }

    func admit(_ head: InboundRequest) throws(InboundRejection) {
        if head.header("x-say") == "stranger" { throw InboundRejection(.signature) }
    }

    func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        if let word = request.header("x-say"), let code = InboundRejection.Code(rawValue: word) {
            throw InboundRejection(code, code == .malformed ? "$.events[3].id: expected a text" : "key 4711")
        }
        let event = InboundEvent(
            kind: .event("test"), channel: .webhook, sourceID: request.header("x-id") ?? "1",
            customerAddresses: [RawAddress(.mailto, "ana@example.com")],
            text: String(decoding: request.body, as: UTF8.self),
            attributes: ["url": request.publicURL, "path": request.path, "query": request.query])
        return InboundResult(events: [event]) { committed in
            InboundReply(status: 201, contentType: "text/plain", body: "\(committed[0].interaction)")
        }
    }
}

/// Takes nothing.
struct RefusingSink: EventSink {
    var error: EventSinkError

    func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        throw error
    }
}

extension TestClientProtocol {
    func send(
        _ method: HTTPRequest.Method, _ uri: String, headers: [String: String] = [:], token: String? = nil,
        body: String? = nil
    ) async throws -> TestResponse {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(.init(name))] = value }
        if let token { fields[.authorization] = "Bearer \(token)" }
        return try await execute(
            uri: uri, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
    }

    /// A call of `/v1` by a token that may do everything.
    func api(
        _ method: HTTPRequest.Method, _ path: String, headers: [String: String] = [:], _ body: String? = nil
    ) async throws -> TestResponse {
        try await send(
            method, "/v1/" + path, headers: headers.merging(["content-type": "application/json"]) { own, _ in own },
            token: "shop-token", body: body)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    var json: JSONValue {
        get throws { try JSONReader.read(Array(body.readableBytesView)) }
    }

    subscript(header name: String) -> String? {
        HTTPTypes.HTTPField.Name(name).flatMap { headers[$0] }
    }
}
