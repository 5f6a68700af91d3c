import HTTPTypes
import Hummingbird
import NIOCore
import RapportChannels

/// `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: its numbers.
struct HealthRoutes {
    private let settings: ServerSettings
    private let services: HubServices

    init(settings: ServerSettings, services: HubServices) {
        self.settings = settings
        self.services = services
    }

    func add(to router: Router<HubRequestContext>) {
        router.get("/healthz") { _, _ in
            Response(status: .ok, json: .object([JSONValue.Member("status", .string("alive"))]))
        }
        router.get("/readyz") { _, _ in
            let missing = await services.readiness()
            return Response(
                status: missing.isEmpty ? .ok : .serviceUnavailable,
                json: .object([
                    JSONValue.Member("status", .string(missing.isEmpty ? "ready" : "unready")),
                    JSONValue.Member("missing", .array(missing.prefix(50).map { .string($0) })),
                ]))
        }
        router.get("/metrics") { request, _ in
            if settings.metricsNeedToken {
                _ = try TokenCheck(tokens: settings.tokens).caller(of: request, scope: .read)
            }
            await services.measure()
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: services.metrics.text())))
        }
    }
}
