/// One relay and how to use it.
package struct SMTPConfiguration: Sendable {
    package var host: String
    package var port: Int
    package var security: SMTPStateMachine.Security
    /// A file of PEM certificates to trust instead of the system's.
    package var trustedCertificates: String?
    package var credentials: SMTPCredentials?
    /// Gives the credentials for each new connection, where they expire; goes before `credentials`. A `SendError` that it
    /// throws is what the messages that wait fail with.
    package var currentCredentials: (@Sendable () async throws -> SMTPCredentials)?
    package var allowsAuthenticationInClear: Bool
    /// What we call ourselves in EHLO: a host name, or an address literal such as `[192.0.2.1]`.
    package var clientName: String
    package var timeouts: SMTPTimeouts
    package var pool: SMTPPoolLimits
    /// After this many messages a connection is replaced.
    package var messagesPerConnection: Int

    package init(
        host: String, port: Int, security: SMTPStateMachine.Security, trustedCertificates: String? = nil,
        credentials: SMTPCredentials? = nil, allowsAuthenticationInClear: Bool = false, clientName: String,
        timeouts: SMTPTimeouts = .init(), pool: SMTPPoolLimits = .init(), messagesPerConnection: Int = 1000
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.trustedCertificates = trustedCertificates
        self.credentials = credentials
        self.allowsAuthenticationInClear = allowsAuthenticationInClear
        self.clientName = clientName
        self.timeouts = timeouts
        self.pool = pool
        self.messagesPerConnection = messagesPerConnection
    }
}

/// Bounds of a pool; times in milliseconds.
package struct SMTPPoolLimits: Hashable, Sendable {
    package var connections: Int
    /// Messages that wait for a connection; one more is refused.
    package var queue: Int
    package var queueTime: Int64
    /// How long a connection is kept without work; less than the five minutes that servers must wait.
    package var idleTime: Int64
    /// The pause after the first failure to connect; it doubles with each up to the longest.
    package var firstPause: Int64
    package var longestPause: Int64
    /// How long `close` waits for what is in flight.
    package var closeTime: Int64

    package init(
        connections: Int = 4, queue: Int = 1000, queueTime: Int64 = 300_000, idleTime: Int64 = 60_000,
        firstPause: Int64 = 200, longestPause: Int64 = 30_000, closeTime: Int64 = 30_000
    ) {
        self.connections = connections
        self.queue = queue
        self.queueTime = queueTime
        self.idleTime = idleTime
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.closeTime = closeTime
    }
}
