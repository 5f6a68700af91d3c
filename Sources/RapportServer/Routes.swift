import HTTPTypes
import Hummingbird

/// Every path of the server but the providers' own (`Hooks`), in one place.
enum Routes {
    static func router(
        settings: ServerSettings, services: HubServices, bounds: BodyBounds, log: RequestLog
    ) throws -> Router<HubRequestContext> {
        // Monitors ask with HEAD.
        let router = Router(context: HubRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: log)
        router.add(middleware: AnsweredBodies())
        router.add(middleware: UnreadBodies(lingerSeconds: settings.lingerSeconds))
        router.add(middleware: ProblemAnswers(settings: settings))

        HealthRoutes(settings: settings, services: services).add(to: router)
        try PreferenceRoutes(settings: settings, services: services, bounds: bounds).add(to: router)

        let api = router.group("v1")
        api.add(middleware: TokenCheck(tokens: settings.tokens))
        let bodies = BodyReader(limit: settings.bodyLimit, bounds: bounds)
        EventRoutes(services: services, bodies: bodies).add(to: api)
        CustomerRoutes(services: services, bodies: bodies).add(to: api)
        CustomerPreferenceRoutes(services: services, bodies: bodies).add(to: api)
        SuppressionRoutes(services: services, bodies: bodies).add(to: api)
        MessageRoutes(services: services, bodies: bodies).add(to: api)
        CampaignRoutes(services: services).add(to: api)
        FollowUpRoutes(services: services, bodies: bodies).add(to: api)
        refuseOtherMethods(router)
        return router
    }

    /// A path that is there says which methods it takes (RFC 9110, section 15.5.6), instead of that nothing is there.
    private static func refuseOtherMethods(_ router: Router<HubRequestContext>) {
        for (path, routes) in Dictionary(grouping: router.routes, by: \.path.description) {
            let allowed = routes.map(\.method)
            let known: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]
            for method in known where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in throw Problem.method(allowed: allowed)
                }
            }
        }
    }
}
