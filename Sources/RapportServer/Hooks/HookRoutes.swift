import HTTPTypes
import Hummingbird
import Metrics
import NIOCore
import RapportChannels
import RapportCore

/// `/in/{adapter}`: where providers put their events. 2xx is said only when the events are committed.
struct HookRoutes {
    private let adapters: [String: any InboundAdapter]
    private let settings: ServerSettings
    private let services: HubServices
    private let bounds: BodyBounds
    /// What providers call with.
    private static let methods: [HTTPRequest.Method] = [.get, .post]

    init(settings: ServerSettings, services: HubServices, bounds: BodyBounds) {
        self.settings = settings
        self.bounds = bounds
        self.services = services
        adapters = Dictionary(services.inbound.map { ($0.name, $0) }) { first, _ in first }
    }

    func add(to router: Router<HubRequestContext>) {
        for path: RouterPath in ["/in/:adapter", "/in/:adapter/**"] {
            for method: HTTPRequest.Method in [.get, .post, .put, .patch, .delete, .head] {
                router.on(path, method: method) { request, context in try await receive(request, context: context) }
            }
        }
    }

    private func receive(_ request: Request, context: HubRequestContext) async throws -> Response {
        let path = HookPath(request.uri.path)
        guard let path, let adapter = adapters[path.adapter] else {
            count(adapter: "unknown", code: "path")
            throw Problem.notFound
        }
        do {
            let result = try await result(request, path: path, adapter: adapter, context: context)
            let committed = try await services.sink.submit(
                result.events, adapter: adapter.name, region: adapter.region)
            let reply = await result.reply(committed)
            return Response(
                status: HTTPResponse.Status(code: reply.status),
                headers: [.contentType: reply.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: reply.body)))
        } catch let rejection as InboundRejection {
            count(adapter: adapter.name, code: rejection.code.rawValue)
            guard rejection.code == .method else { throw rejection }
            throw Problem.method(allowed: Self.methods.filter { $0 != request.method })
        } catch let error as EventSinkError {
            count(adapter: adapter.name, code: error.rawValue)
            throw error
        }
    }

    private func result(
        _ request: Request, path: HookPath, adapter: any InboundAdapter, context: HubRequestContext
    ) async throws -> InboundResult {
        guard Self.methods.contains(request.method) else { throw InboundRejection(.method) }
        var whole = InboundRequest(
            request, path: path.rest, publicURL: settings.publicURL, body: [], receivedAt: services.clock())
        try adapter.admit(whole)
        do {
            whole.body = try await BodyReader(limit: adapter.bodyLimit, bounds: bounds)
                .read(request, context: context)
        } catch let problem as Problem {
            count(adapter: adapter.name, code: problem.code)
            throw problem
        }
        whole.receivedAt = services.clock()
        return try adapter.receive(whole)
    }

    private func count(adapter: String, code: String) {
        Counter(
            label: "rapport_inbound_rejections_total", dimensions: [("adapter", adapter), ("code", code)],
            factory: services.metrics
        ).increment()
    }
}
