import NIOCore
import NIOHTTP1

/// Furnishes a connection: a refusal before everything else when there is no room for it, otherwise what stands between
/// the reading of HTTP and the router.
final class ConnectionSetup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let gate: ConnectionGate
    private let settings: ServerSettings
    private let turns: LoopTurns

    init(gate: ConnectionGate, settings: ServerSettings, turns: LoopTurns) {
        self.gate = gate
        self.settings = settings
        self.turns = turns
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            guard gate.admit(context.channel) else {
                return try pipeline.addHandler(
                    ConnectionRefusal(retryAfterSeconds: settings.retryAfterSeconds), position: .first)
            }
            let handlers: [any ChannelHandler] = [
                ReadAhead(), HTTPServerPipelineHandler(),
                IdleClose(timeout: .seconds(Int64(settings.idleTimeoutSeconds))), ContinueAnswer(),
                HookHandler(turns.hooks, in: turns.turn(of: context.eventLoop)),
            ]
            // Otherwise four reads come before anybody is asked whether there may be another.
            try context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandlers(handlers, position: .after(decoder))
        } catch {
            context.close(promise: nil)
        }
    }
}
