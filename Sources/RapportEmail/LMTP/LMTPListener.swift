package import Logging
package import NIOCore
import NIOPosix
import RapportChannels
import RapportSockets
import Synchronization

/// Takes mail from an MTA over LMTP (RFC 2033).
///
/// A recipient is answered only after the handler has returned, so that the MTA keeps whatever was not committed.
package final class LMTPListener: ChannelService {
    package let name: String
    private let configuration: LMTPConfiguration
    private let group: any EventLoopGroup
    private let logger: Logger
    private let accepts: @Sendable (String) -> LMTPReply?
    private let connections: LMTPConnections
    private let writes = LoopValues(WritesOfTurn.init)
    private let server = Mutex<(any Channel)?>(nil)

    /// - Parameters:
    ///   - accepts: asked for each recipient; `nil` when mail for it is ours, else how to refuse it. Must not block.
    ///   - handler: takes responsibility for a message and returns one reply for each recipient, in order; recipients
    ///     without one are answered 451. It may be called with the same message again when the answer got lost.
    package init(
        name: String, _ configuration: LMTPConfiguration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger,
        accepts: @escaping @Sendable (String) -> LMTPReply? = { _ in nil },
        handler: @escaping @Sendable (LMTPMessage) async -> [LMTPReply]
    ) {
        self.name = name
        self.configuration = configuration
        self.group = group
        self.logger = logger
        self.accepts = accepts
        connections = LMTPConnections(configuration, handler: handler)
    }

    /// Memory that messages being read or handled take up, in bytes.
    package var memoryInUse: Int { connections.memory }

    /// Begins to listen.
    ///
    /// - Returns: where; the port is known only then when the configuration says 0.
    /// - Throws: `ListenError` when the address can't be had.
    package func start() async throws -> SocketAddress? {
        let channel: any Channel
        do {
            channel = try await bind()
        } catch let error as IOError {
            throw ListenError(place: configuration.address.description, code: error.errnoCode)
        }
        server.withLock { $0 = channel }
        return channel.localAddress
    }

    private func bind() async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try set(up: channel) }
            }
        switch configuration.address {
        case .unix(let path):
            return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        case .tcp(let host, let port):
            return try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
        }
    }

    /// Stops listening, answers 421 to those who wait, finishes the messages that are being read or handled.
    package func close() async {
        if let channel = server.withLock({ $0.take() }) { try? await channel.close() }
        await connections.close(on: group.next())
    }

    /// Listens until its task is cancelled, then closes.
    package func run() async throws {
        if server.withLock({ $0 == nil }) { _ = try await start() }
        let (never, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        continuation.finish()
        await close()
    }

    private func set(up channel: any Channel) throws {
        guard connections.add(channel) else {
            logger.warning("connection refused: too many", metadata: ["listener": "\(name)"])
            let busy = LMTPReply(421, EnhancedStatus(4, 3, 2), "too many connections")
            return try channel.pipeline.syncOperations.addHandler(LMTPRefusal(reply: busy))
        }
        let machine = LMTPStateMachine(
            hostName: configuration.hostName, limits: configuration.limits,
            peer: channel.remoteAddress?.ipAddress, accepts: accepts)
        try channel.pipeline.syncOperations.addHandlers(
            GatheredWrites(in: writes.value(of: channel.eventLoop), closing: .letsLeave),
            LMTPConnectionHandler(machine, connections: connections, configuration: configuration))
    }
}

/// Says one thing and closes.
private final class LMTPRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reply: LMTPReply

    init(reply: LMTPReply) {
        self.reply = reply
    }

    func channelActive(context: ChannelHandlerContext) {
        let flushed = context.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: reply.line)), promise: flushed)
    }
}
