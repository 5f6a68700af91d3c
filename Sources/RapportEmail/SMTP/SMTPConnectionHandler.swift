import NIOCore
import NIOSSL
import NIOTLS
import RapportChannels

/// Carries out what the state machine of one connection decides.
///
/// Lives on its channel's event loop and nowhere else.
final class SMTPConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the pool tells a connection.
    enum Call: Sendable {
        case fetch
        case drain
        /// Gives up whatever is in flight.
        case abandon
    }

    private let id: Int
    private let pool: SMTPPool
    private let security: SMTPStateMachine.Security
    private var machine: SMTPStateMachine
    private var timer: SMTPConnectionTimer?
    private let timeouts: SMTPTimeouts
    /// At most two: one whose answer is awaited, one whose envelope went along behind it.
    private var jobs: [(ticket: Int, job: SMTPJob)] = []
    private var lastTicket = 0
    private var failure: SendError?
    private var hasUnflushed = false
    private var hasEnded = false

    /// Contents go out in blocks of this size, each of which has to leave in time.
    private static let blockSize = 256 * 1024

    init(id: Int, pool: SMTPPool, timeouts: SMTPTimeouts, settings: SMTPStateMachine.Settings) {
        self.id = id
        self.pool = pool
        self.security = settings.security
        self.machine = SMTPStateMachine(settings)
        self.timeouts = timeouts
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = SMTPConnectionTimer(timeouts: timeouts) { [unowned self] in
            perform(machine.timedOut(), context)
        }
        if context.channel.isActive { channelActive(context: context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if security == .tls {
            setTimer(context)
        } else {
            perform(machine.connected(), context)
            step(context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        perform(machine.received(Array(buffer.readableBytesView)), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        step(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(machine.closed(), context)
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        perform(machine.failed(SMTPTLS.sendError(for: error)), context)
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted:
            perform(security == .tls ? machine.connected() : machine.secured(), context)
        case Call.fetch:
            break
        case Call.drain:
            // Before it is ready it has nothing to finish and need not become ready first.
            let isReady = machine.isReady
            perform(isReady ? machine.drain() : machine.failed(SendError(.connection, status: "closing")), context)
        case Call.abandon:
            perform(machine.failed(SendError(.connection, status: "closing")), context)
        default:
            return context.fireUserInboundEventTriggered(event)
        }
        step(context)
    }

    /// Fetches what there is room for and lets everything that was written leave at once.
    private func step(_ context: ChannelHandlerContext) {
        while machine.canBegin, !hasEnded,
            let job = pool.next(for: id, isIdle: machine.isIdle, wasUseful: machine.wasUseful)
        {
            lastTicket += 1
            jobs.append((lastTicket, job))
            perform(machine.begin(lastTicket, job.transaction), context)
        }
        if hasUnflushed {
            hasUnflushed = false
            context.flush()
        }
        setTimer(context)
    }

    private func perform(_ actions: [SMTPStateMachine.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .write(let bytes):
                context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
                hasUnflushed = true
            case .writeContent(let ticket): writeContent(ticket, context)
            case .startTLS: startTLS(context)
            case .ready: pool.ready(id)
            case .complete(let ticket, let result): take(ticket)?.finish(result)
            case .giveBack(let ticket, let error): take(ticket).map { pool.giveBack($0, error) }
            case .failed(let error): failure = error
            case .abort: abort(context)
            case .close: context.close(promise: nil)
            }
        }
    }

    /// The write of the last block succeeds when the kernel has the final dot, and not before: that is the moment from
    /// which the server may have the message.
    private func writeContent(_ ticket: Int, _ context: ChannelHandlerContext) {
        guard var content = jobs.first(where: { $0.ticket == ticket })?.job.content else { return }
        while content.readableBytes > Self.blockSize, let block = content.readSlice(length: Self.blockSize) {
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenSuccess { self.timer?.extend() }
            context.write(wrapOutboundOut(block), promise: written)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            self.machine.contentFlushed(ticket)
            self.setTimer(context)
        }
        context.write(wrapOutboundOut(content), promise: written)
        hasUnflushed = true
        // TLS would seal the next envelope together with the content, and one write could no longer tell of the dot.
        if security != .none {
            hasUnflushed = false
            context.flush()
        }
    }

    private func startTLS(_ context: ChannelHandlerContext) {
        do {
            let handler = try pool.tls.handler()
            try context.pipeline.syncOperations.addHandler(handler, position: .before(self))
        } catch {
            perform(machine.failed(SendError(.configuration, status: "TLS")), context)
        }
    }

    /// Closes below TLS, which would first let leave what it holds.
    private func abort(_ context: ChannelHandlerContext) {
        if let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self) {
            tls.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }

    private func take(_ ticket: Int) -> SMTPJob? {
        guard let index = jobs.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return jobs.remove(at: index).job
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        timer?.set(for: machine.waitsFor, progress: machine.progress, on: context.eventLoop)
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        timer?.cancel()
        timer = nil
        pool.ended(id, failure, wasUseful: machine.wasUseful)
    }
}
