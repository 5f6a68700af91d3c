import HTTPTypes
import Metrics
import NIOHTTP1
import RapportChannels
import RapportCore

/// `/in/{adapter}`: where providers put their events. 2xx is said only when the events are committed.
///
/// It knows requests and answers; `HookHandler` knows the connection that they come on.
final class Hooks: Sendable {
    /// A request; its body is to come.
    ///
    /// A class because it passes through many hands.
    final class Opened: Sendable {
        let adapter: any InboundAdapter
        let request: InboundRequest

        init(adapter: any InboundAdapter, request: InboundRequest) {
            self.adapter = adapter
            self.request = request
        }
    }

    let bounds: BodyBounds
    /// As `ServerSettings` has it.
    var lingerSeconds: Int { settings.lingerSeconds }
    /// Those that are under way.
    let answers = OpenAnswers()

    private let adapters: [String: any InboundAdapter]
    private let settings: ServerSettings
    private let services: HubServices
    private let log: RequestLog
    private let date: CachedDate

    /// As the log has it.
    static let route = "/in/:adapter"

    /// What providers call with.
    private static let methods: [HTTPRequest.Method] = [.get, .post]

    init(settings: ServerSettings, services: HubServices, bounds: BodyBounds, log: RequestLog) {
        self.settings = settings
        self.services = services
        self.bounds = bounds
        self.log = log
        date = CachedDate(clock: services.clock)
        adapters = Dictionary(services.inbound.map { ($0.name, $0) }) { first, _ in first }
    }

    /// - Returns: `nil` for a target that is no provider's.
    static func target(_ uri: String) -> RequestTarget? {
        // Nearly every one begins with a slash.
        guard uri.utf8.starts(with: "/in/".utf8) || uri.utf8.first != UInt8(ascii: "/") else { return nil }
        let target = RequestTarget(uri)
        return target.path.utf8.starts(with: "/in/".utf8) ? target : nil
    }

    var now: Timestamp { services.clock() }

    /// - Throws: 404 when the path is no adapter's.
    func place(of target: RequestTarget) throws(Problem) -> HookPlace {
        guard let path = HookPath(target.path), let adapter = adapters[path.adapter] else {
            count(adapter: "unknown", code: "path")
            throw Problem.notFound
        }
        // What the provider called, byte for byte, because signatures are made over it.
        let publicURL = settings.publicURL + target.path + (target.query.map { "?" + $0 } ?? "")
        return HookPlace(adapter: adapter, path: path.rest, query: target.query ?? "", publicURL: publicURL)
    }

    /// - Throws: what the head alone is enough to refuse.
    func admit(_ head: InboundRequest, at place: HookPlace) throws {
        try refusals(by: place.adapter, of: head.method) {
            guard Self.methods.contains(where: { $0.rawValue == head.method }) else { throw InboundRejection(.method) }
            try place.adapter.admit(head)
        }
    }

    /// - Throws: what the head alone is enough to refuse.
    func open(_ head: HTTPRequestHead, at target: RequestTarget) throws -> Opened {
        let place = try place(of: target)
        let request = InboundRequest(head, at: place, receivedAt: now)
        try admit(request, at: place)
        return Opened(adapter: place.adapter, request: request)
    }

    /// The request with its body, which is there now.
    func complete(_ opened: Opened, _ body: [UInt8]) -> Opened {
        var request = opened.request
        request.body = body
        request.receivedAt = services.clock()
        return Opened(adapter: opened.adapter, request: request)
    }

    /// Takes what calls bring into the log.
    ///
    /// - Returns: what each is told, in order.
    func answers(to calls: [Opened]) async -> [HookAnswer] {
        let readings = calls.map { call in
            Result {
                try refusals(by: call.adapter, of: call.request.method) { try call.adapter.receive(call.request) }
            }
        }
        var deliveries: [InboundDelivery] = []
        deliveries.reserveCapacity(calls.count)
        for case (let call, .success(let reading)) in zip(calls, readings) {
            deliveries.append(
                InboundDelivery(events: reading.events, adapter: call.adapter.name, region: call.adapter.region))
        }
        var committed = await services.sink.submit(deliveries)[...]
        var answers: [HookAnswer] = []
        answers.reserveCapacity(calls.count)
        for (call, reading) in zip(calls, readings) {
            do {
                let reading = try reading.get()
                answers.append(HookAnswer(await reading.reply(try committed.removeFirst().get())))
            } catch {
                if let error = error as? EventSinkError { count(adapter: call.adapter.name, code: error.rawValue) }
                answers.append(refusal(error))
            }
        }
        return answers
    }

    /// What is said to one whose body is not taken.
    func refusal(_ problem: Problem, by adapter: any InboundAdapter) -> HookAnswer {
        count(adapter: adapter.name, code: problem.code)
        return HookAnswer(problem)
    }

    func refusal(_ error: any Error) -> HookAnswer {
        HookAnswer(
            Problem.answering(error, retryAfterSeconds: settings.retryAfterSeconds, logger: services.logger))
    }

    /// As every response has it (RFC 9110, section 6.6.1).
    var dateText: String { date.text }

    /// Counts an answer and writes its line into the log.
    ///
    /// - Parameter route: the path with names in place of what differs from request to request.
    func record(_ answer: HookAnswer, to method: String, at route: String, since start: ContinuousClock.Instant) {
        log.record(
            method: method, route: route, status: answer.status, elapsed: ContinuousClock.now - start,
            logger: services.logger)
    }

    private func refusals<Value>(
        by adapter: any InboundAdapter, of method: String, _ body: () throws -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch let rejection as InboundRejection {
            count(adapter: adapter.name, code: rejection.code.rawValue)
            guard rejection.code == .method else { throw rejection }
            throw Problem.method(allowed: Self.methods.filter { $0.rawValue != method })
        }
    }

    private func count(adapter: String, code: String) {
        Counter(
            label: "rapport_inbound_rejections_total", dimensions: [("adapter", adapter), ("code", code)],
            factory: services.metrics
        ).increment()
    }
}
