import NIOCore

/// Answers 503 to whatever is asked on a connection, before it is asked, and ends it.
///
/// What comes in is dropped unread. Our side is closed first, and the whole connection a moment later: closing at once
/// would send a reset, behind which a client that has just asked something does not see the answer.
final class ConnectionRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let retryAfterSeconds: Int
    private static let moment = TimeAmount.milliseconds(200)

    init(retryAfterSeconds: Int) {
        self.retryAfterSeconds = retryAfterSeconds
    }

    func channelActive(context: ChannelHandlerContext) {
        let body = #"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"too-many-connections"}"#
        let answer = """
            HTTP/1.1 503 Service Unavailable\r
            Content-Type: application/problem+json\r
            Content-Length: \(body.utf8.count)\r
            Retry-After: \(retryAfterSeconds)\r
            Connection: close\r
            \r
            \(body)
            """
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.moment) { context.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    /// The other side may well be gone already.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
