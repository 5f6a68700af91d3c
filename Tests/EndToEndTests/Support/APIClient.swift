import RapportTestServers
import Testing

/// One client of a hub's API with one token.
struct APIClient {
    /// For the hub's configuration; the hashes are what `printf %s TOKEN | sha256sum` made.
    static let tokens = """
        api:
          tokens:
            - name: shop
              hash: sha256:ce1614b60316082b34b81fda323beb61414d98d449270cfece64f867cd3f7bee
              scopes: [read, write, send]
            - name: desk
              hash: sha256:04c9d864d7195c72cf190db6ce1b45363677911ed3dbe81c77f1915d0f72d510
              scopes: [read]
        """

    let hub: Hub
    var token: String? = "e2e-all"

    func send(
        _ method: String, _ path: String, _ body: String = "", key: String? = nil
    ) async throws -> (status: Int, json: JSON) {
        var headers: [String: String] = [:]
        headers["Authorization"] = token.map { "Bearer \($0)" }
        headers["Idempotency-Key"] = key
        if !body.isEmpty { headers["Content-Type"] = "application/json" }
        let answer = try await LoopbackHTTP.send(
            method, "/v1/" + path, port: hub.port, headers: headers, body: Array(body.utf8))
        if answer.status >= 400 {
            #expect(answer.headers["content-type"] == "application/problem+json", "\(path)")
        }
        return (answer.status, try JSON(answer.text))
    }
}
