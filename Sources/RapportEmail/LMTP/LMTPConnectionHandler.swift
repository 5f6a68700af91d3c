import NIOCore

/// Carries out what the state machine of one connection decides.
///
/// Reads nothing while a message is being handled or while the other side doesn't take our answers. Lives on its
/// channel's event loop and nowhere else.
final class LMTPConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Call: Sendable {
        case delivered([LMTPReply])
        case drain
    }

    private let connections: LMTPConnections
    private let idleTime: TimeAmount
    private let contentTime: TimeAmount
    private var machine: LMTPStateMachine
    /// Of the content being read, as far as the memory of all connections knows.
    private var held = 0
    private var isReadWanted = false
    private var deadline = NIODeadline.distantFuture
    private var contentDeadline: NIODeadline?
    private var timer: Scheduled<Void>?

    init(_ machine: LMTPStateMachine, connections: LMTPConnections, configuration: LMTPConfiguration) {
        self.machine = machine
        self.connections = connections
        idleTime = .milliseconds(configuration.idleTime)
        contentTime = .milliseconds(configuration.contentTime)
    }

    func channelActive(context: ChannelHandlerContext) {
        perform(machine.connected(), context)
        deadline = .now() + idleTime
        setTimer(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let before = machine.commands
        perform(machine.received(Array(buffer.readableBytesView)), context)
        // A command that comes byte by byte gets no more time than one that does not come at all.
        if machine.commands != before || machine.phase == .content { deadline = .now() + idleTime }
    }

    func read(context: ChannelHandlerContext) {
        isReadWanted = true
        readOn(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readOn(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case Call.delivered(let replies):
            deadline = .now() + idleTime
            perform(machine.delivered(replies), context)
            readOn(context)
        case Call.drain:
            perform(machine.drain(), context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        connections.release(held)
        held = 0
        context.fireChannelInactive()
    }

    private func perform(_ actions: [LMTPStateMachine.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .write(let bytes):
                context.writeAndFlush(
                    wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
            case .deliver(let message):
                let channel = context.channel
                connections.handle(message) { replies in
                    channel.pipeline.fireUserInboundEventTriggered(Call.delivered(replies))
                }
            case .close:
                let flushed = context.eventLoop.makePromise(of: Void.self)
                flushed.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: flushed)
            }
        }
        account()
        if machine.phase == .content {
            contentDeadline = contentDeadline ?? .now() + contentTime
        } else {
            contentDeadline = nil
        }
    }

    private func account() {
        let now = machine.heldBytes
        if now > held, !connections.reserve(now - held) {
            machine.outOfMemory()
            connections.release(held)
            held = 0
        } else {
            if now < held { connections.release(held - now) }
            held = now
        }
    }

    private func readOn(_ context: ChannelHandlerContext) {
        guard isReadWanted, machine.phase != .delivering, context.channel.isWritable else { return }
        isReadWanted = false
        context.read()
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        let next = min(deadline, contentDeadline ?? .distantFuture)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.timerFired(context) }
    }

    /// Deadlines move with each read; the timer looks whether one has really passed.
    private func timerFired(_ context: ChannelHandlerContext) {
        if machine.phase == .delivering {
            deadline = .now() + idleTime
        } else if min(deadline, contentDeadline ?? .distantFuture) <= .now() {
            // Whoever does not even take the good-bye has had the same time for it.
            guard machine.phase != .closed else { return context.close(promise: nil) }
            perform(machine.timedOut(), context)
            deadline = .now() + idleTime
        }
        setTimer(context)
    }
}
