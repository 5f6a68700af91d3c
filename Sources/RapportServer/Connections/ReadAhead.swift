import NIOCore
import NIOHTTP1

/// Goes on listening to a client while its request is answered, until it says something.
///
/// `HTTPServerPipelineHandler` stops reading for that time, so that nobody can pour in requests behind a slow one. But a
/// client that waits for its answer says nothing, and to have the kernel look away and look again takes two calls of the
/// system for each request. So one read goes ahead; once it has brought something, there is none until all is answered.
/// What waits is bounded by what one read brings, 64 KiB.
///
/// It can also bring the end of what the client says. Whoever answers hears of that when all is answered, because some
/// close their own side at once.
final class ReadAhead: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Requests without a whole answer; some are answered before all of them has come.
    private var unanswered = 0
    /// Whether all of the last one has come.
    private var isWhole = true
    /// Whether something came behind a request before its answer.
    private var isAhead = false
    private var holdsEnd = false

    /// Whether a whole request waits for its answer.
    private var isAsked: Bool { unanswered > (isWhole ? 0 : 1) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isAsked { isAhead = true }
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            isWhole = false
        case .body: break
        case .end: isWhole = true
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if isAsked, !isAhead { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isAsked, case ChannelEvent.inputClosed = event {
            holdsEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // What could not be read is answered as well.
        if case .end = unwrapOutboundIn(data), unanswered > 0 {
            unanswered -= 1
            if !isAsked { isAhead = false }
        }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        guard holdsEnd, !isAsked else { return }
        holdsEnd = false
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
}
