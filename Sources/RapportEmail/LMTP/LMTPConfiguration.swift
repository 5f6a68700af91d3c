/// Where the listener listens and what it bears. Times are milliseconds, sizes bytes.
package struct LMTPConfiguration: Hashable, Sendable {
    package enum Address: Hashable, Sendable, CustomStringConvertible {
        /// A socket in the file system; who may reach it is up to the folder's permissions. A socket left behind there
        /// is replaced.
        case unix(String)
        /// LMTP knows no authentication: on anything but loopback everyone can deliver.
        case tcp(host: String, port: Int)

        package var description: String {
            switch self {
            case .unix(let path): path
            case .tcp(let host, let port): "\(host):\(port)"
            }
        }
    }

    package var address: Address
    /// How the listener introduces itself.
    package var hostName: String
    package var limits: LMTPLimits
    /// Connections at a time; one more is answered 421.
    package var connections: Int
    /// All messages being read or handled, together; what goes beyond is answered 451.
    package var memory: Int
    /// Without a whole command, or without a byte of a content.
    package var idleTime: Int64
    /// For one message's content to arrive whole.
    package var contentTime: Int64
    /// How long `close` waits for messages being read or handled.
    package var closeTime: Int64

    package init(
        address: Address, hostName: String, limits: LMTPLimits = .init(), connections: Int = 64,
        memory: Int = 256 << 20, idleTime: Int64 = 300_000, contentTime: Int64 = 900_000, closeTime: Int64 = 30_000
    ) {
        self.address = address
        self.hostName = hostName
        self.limits = limits
        self.connections = connections
        self.memory = memory
        self.idleTime = idleTime
        self.contentTime = contentTime
        self.closeTime = closeTime
    }
}

/// What one connection may ask for.
package struct LMTPLimits: Hashable, Sendable {
    /// Bytes of a message; a longer one is answered 552.
    package var message: Int
    /// RFC 5321, section 4.5.3.1.8, wants at least 100.
    package var recipients: Int
    /// Bytes of a command with its line end.
    package var line: Int
    /// Commands without a message delivered between them, recipients that were taken aside.
    package var idleCommands: Int

    package init(message: Int = 25 << 20, recipients: Int = 100, line: Int = 2048, idleCommands: Int = 100) {
        self.message = message
        self.recipients = recipients
        self.line = line
        self.idleCommands = idleCommands
    }
}
