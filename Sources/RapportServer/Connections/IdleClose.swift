import NIOCore
import NIOHTTP1

/// Closes a connection on which nothing has been asked for a while.
///
/// Only a whole head is a question: a client that sends a byte of one now and then is silent. From then until the answer
/// the connection is not idle; how long a body may take is for its readers to say (`BodyDeadlines`).
final class IdleClose: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let timeout: TimeAmount
    private var isBusy = false
    /// When it became idle.
    private var since = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        watch(until: since + timeout, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { isBusy = true }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            isBusy = false
            since = .now()
        }
        context.write(data, promise: promise)
    }

    private func watch(until end: NIODeadline, _ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) { [self] in
            let now = NIODeadline.now()
            let end = (isBusy ? now : since) + timeout
            if end <= now { context.close(promise: nil) } else { watch(until: end, context) }
        }
    }
}
