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
    private let silence: Silence
    private var timer: Scheduled<Void>?

    /// - Parameter silence: of the connection.
    init(of silence: Silence, after timeout: TimeAmount) {
        self.silence = silence
        self.timeout = timeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        watch(until: silence.since + timeout, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { silence.end() }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { silence.begin() }
        context.write(data, promise: promise)
    }

    private func watch(until end: NIODeadline, _ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) { [self] in
            let end = silence.since + timeout
            if end <= .now() { context.close(promise: nil) } else { watch(until: end, context) }
        }
    }
}
