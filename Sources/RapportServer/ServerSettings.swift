/// What an operator decides about the hub's HTTP side.
package struct ServerSettings: Sendable {
    package var host: String
    /// 0: the system chooses a free one.
    package var port: Int
    /// How the outside calls this server, such as `https://hub.example.com`; without a slash at the end.
    package var publicURL: String
    /// The longest body that `/v1` takes, in bytes. `/in` goes by each adapter's own limit.
    package var bodyLimit: Int
    /// Bytes of bodies that are being read or wait for their answers, over all connections; more is answered 503.
    package var bodyMemory: Int
    /// Open connections; one more is answered 503 and closed.
    package var connectionLimit: Int
    /// How long a connection may be silent.
    package var idleTimeoutSeconds: Int
    /// Within which time a request's body must have come whole.
    package var bodyTimeoutSeconds: Int
    /// How long a client whose connection ends with the answer may go on sending what is dropped.
    package var lingerSeconds: Int
    /// What a client is told to wait when the store can't take anything now.
    package var retryAfterSeconds: Int
    /// Whether a proxy of ours stands before the server, so that the last entry of `X-Forwarded-For` is its word for
    /// who called. Never set it otherwise: anybody can send that header.
    package var trustsForwardedFor: Bool
    /// Whether `/metrics` asks for a token of scope `read`.
    package var metricsNeedToken: Bool
    package var tokens: [APIToken]

    package init(
        host: String = "127.0.0.1", port: Int = 8080, publicURL: String = "http://127.0.0.1:8080",
        bodyLimit: Int = 1 << 20, bodyMemory: Int = 128 << 20, connectionLimit: Int = 1024,
        idleTimeoutSeconds: Int = 60,
        bodyTimeoutSeconds: Int = 30, lingerSeconds: Int = 1, retryAfterSeconds: Int = 5,
        trustsForwardedFor: Bool = false, metricsNeedToken: Bool = false, tokens: [APIToken] = []
    ) {
        self.host = host
        self.port = port
        self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.bodyLimit = bodyLimit
        self.bodyMemory = bodyMemory
        self.connectionLimit = connectionLimit
        self.idleTimeoutSeconds = idleTimeoutSeconds
        self.bodyTimeoutSeconds = bodyTimeoutSeconds
        self.lingerSeconds = lingerSeconds
        self.retryAfterSeconds = retryAfterSeconds
        self.trustsForwardedFor = trustsForwardedFor
        self.metricsNeedToken = metricsNeedToken
        self.tokens = tokens
    }
}
