import NIOCore
import NIOHTTP1
import RapportSockets

/// Furnishes a connection: a refusal before everything else when there is no room for it, otherwise what stands between
/// the reading of HTTP and the router.
final class ConnectionSetup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let gate: ConnectionGate
    private let settings: ServerSettings
    private let hooks: Hooks
    private let calls: LoopValues<CallsOfTurn>
    private let writes: LoopValues<WritesOfTurn>

    /// - Parameters:
    ///   - calls: where the calls of an event loop's connections are served together.
    ///   - writes: where their answers leave together.
    init(
        gate: ConnectionGate, settings: ServerSettings, hooks: Hooks, calls: LoopValues<CallsOfTurn>,
        writes: LoopValues<WritesOfTurn>
    ) {
        self.gate = gate
        self.settings = settings
        self.hooks = hooks
        self.calls = calls
        self.writes = writes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            guard gate.admit(context.channel) else {
                return try pipeline.addHandler(
                    ConnectionRefusal(retryAfterSeconds: settings.retryAfterSeconds), position: .first)
            }
            let silence = Silence()
            let calls = calls.value(of: context.eventLoop)
            let handlers: [any ChannelHandler] = [
                ReadAhead(), HTTPServerPipelineHandler(),
                IdleClose(of: silence, after: .seconds(Int64(settings.idleTimeoutSeconds))), ContinueAnswer(),
                HookHandler(hooks, in: calls),
            ]
            // Otherwise four reads come before anybody is asked whether there may be another.
            try context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let bytes: [any ChannelHandler] = [
                GatheredWrites(in: writes.value(of: context.eventLoop), closing: .letsLeave),
                PlainCalls(hooks, in: calls, breaking: silence),
            ]
            try pipeline.addHandlers(bytes, position: .first)
            try pipeline.addHandlers(handlers, position: .after(decoder))
        } catch {
            context.close(promise: nil)
        }
    }
}
