import NIOCore
import NIOHTTP1
import RapportChannels

/// Tells clients that wait for it to send the body of their request, as soon as somebody wants it: 100 (Continue), RFC 9110,
/// section 10.1.1. Without it curl waits for a second, others for longer; who is refused by their head need not send it.
final class ContinueAnswer: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// To be sent outwards by whoever begins to read a body.
    struct BodyIsWanted: Sendable {}

    private var isAwaited = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            let expected = head.headers.first(name: "expect")?.utf8.map(\.lowercasedASCII) ?? []
            isAwaited = head.version == .http1_1 && expected.elementsEqual("100-continue".utf8)
        }
        context.fireChannelRead(data)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if isAwaited {
            isAwaited = false
            let answer = HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue))
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
        promise?.succeed()
    }
}
