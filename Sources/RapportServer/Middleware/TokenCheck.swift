import HTTPTypes
import Hummingbird
import RapportChannels

/// Lets only holders of a token in (RFC 6750). What a token may do is asked by each route.
struct TokenCheck: RouterMiddleware {
    let tokens: [APIToken]

    @concurrent func handle(
        _ request: Request, context: HubRequestContext,
        next: @concurrent (Request, HubRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.caller = try caller(of: request)
        return try await next(request, context)
    }

    /// - Throws: `Problem` 401.
    func caller(of request: Request) throws -> APIToken {
        guard let header = request.headers[.authorization], let offered = BearerToken.offered(in: header),
            let token = find(offered)
        else {
            var problem = Problem(.unauthorized, "unauthorized", "expected a valid bearer token")
            problem.headers = [(.wwwAuthenticate, "Bearer")]
            throw problem
        }
        return token
    }

    /// - Throws: `Problem` 401 or 403.
    func caller(of request: Request, scope: APIToken.Scope) throws -> APIToken {
        try caller(of: request).allowing(scope)
    }

    /// Looks at every token, so that the time tells neither whether nor which one fits.
    private func find(_ offered: String) -> APIToken? {
        let digest = APIToken.digest(of: offered)
        var found: APIToken?
        for token in tokens where ConstantTime.equal(token.digest, digest) { found = token }
        return found
    }
}

extension APIToken {
    /// - Throws: `Problem` 403.
    fileprivate func allowing(_ scope: Scope) throws -> APIToken {
        guard scopes.contains(scope) else {
            var problem = Problem(.forbidden, "forbidden", "the token lacks the scope ‘\(scope.rawValue)’")
            problem.headers = [(.wwwAuthenticate, "Bearer error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"")]
            throw problem
        }
        return self
    }
}

extension HubRequestContext {
    /// Who asks, when they may do what the scope covers.
    func caller(for scope: APIToken.Scope) throws -> APIToken {
        guard let caller else { throw Problem(.unauthorized, "unauthorized") }
        return try caller.allowing(scope)
    }
}
