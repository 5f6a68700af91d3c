import NIOCore
import NIOHTTP1
import RapportChannels

/// Serves the calls of a connection as long as they are plain ones, each of which comes at once and alone, before
/// anything else looks at them: to take such a call apart and to put its answer together, part by part through all that
/// stands behind this, was an eighth of the time that is spent on it.
///
/// With the first thing that is no plain call it hands the connection over, for good, because nobody can say from here
/// where in a message what follows would be.
final class PlainCalls: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let hooks: Hooks
    private let turn: CallsOfTurn
    private let silence: Silence
    /// Where the last call went. They all go to the same place.
    private var last: (target: String, place: HookPlace)?
    /// Whether a call waits for its answer; for ever when that is the last one.
    private var isAsked = false
    private var isHandedOver = false
    /// What came behind a call before its answer: no more than one read brings, as with `ReadAhead`, but for all that waits
    /// at the socket when the client ends its side, which the channel reads whether or not it is asked to.
    private var ahead: ByteBuffer?
    private var isReadWanted = false
    /// What nobody is to hear before that answer: that the client has said all, that the server stops.
    private var events: [Any] = []

    /// - Parameters:
    ///   - turn: of the connection's event loop.
    ///   - silence: of the connection.
    init(_ hooks: Hooks, in turn: CallsOfTurn, breaking silence: Silence) {
        self.hooks = hooks
        self.turn = turn
        self.silence = silence
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if isAsked {
            if ahead?.writeBuffer(&bytes) == nil { ahead = bytes }
            return
        }
        take(bytes, context)
        if isHandedOver { leave(context) }
    }

    /// Nobody behind this has read anything.
    func channelReadComplete(context: ChannelHandlerContext) {
        if ahead == nil { context.read() }
    }

    func read(context: ChannelHandlerContext) {
        if ahead == nil { context.read() } else { isReadWanted = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isAsked { events.append(event) } else { context.fireUserInboundEventTriggered(event) }
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard let call = bytes.withUnsafeReadableBytes(PlainCall.init) else {
            isHandedOver = true
            return context.fireChannelRead(wrapInboundOut(bytes))
        }
        isAsked = true
        silence.end()
        let start = ContinuousClock.now
        do {
            let place = try place(of: call.target)
            let head = InboundRequest(call, at: place, receivedAt: hooks.now)
            try hooks.admit(head, at: place)
            do {
                var rest = bytes
                rest.moveReaderIndex(forwardBy: call.bodyStart)
                let body = try GatheredBody(
                    announced: rest.readableBytes, limit: place.adapter.bodyLimit, bounds: hooks.bounds)
                try body.append(rest)
                turn.serve(Hooks.Opened(adapter: place.adapter, request: head.with(body.finish()))) { [self] answer in
                    body.giveBack()
                    write(answer, after: start, context)
                }
            } catch {
                write(hooks.refusal(error, by: place.adapter), after: start, context)
            }
        } catch {
            write(hooks.refusal(error), after: start, context)
        }
    }

    private func place(of target: String) throws(Problem) -> HookPlace {
        if let last, last.target == target { return last.place }
        let place = try hooks.place(of: RequestTarget(target))
        last = (target, place)
        return place
    }

    private func write(_ answer: HookAnswer, after start: ContinuousClock.Instant, _ context: ChannelHandlerContext) {
        hooks.record(answer, to: "POST", at: Hooks.route, since: start)
        guard context.channel.isActive else { return }
        let stops = events.contains { $0 is ChannelShouldQuiesceEvent }
        var bytes = context.channel.allocator.buffer(capacity: 256 + answer.body.utf8.count)
        bytes.write(answer, at: hooks.dateText, isLast: stops || answer.endsConnection)
        if answer.endsConnection {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            LingeringClose.begin(on: context.channel, for: hooks.lingerSeconds)
        } else if stops {
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { [self] _ in tellEvents(context) }
            context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
        } else {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            goOn(context)
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        isAsked = false
        silence.begin()
        if let bytes = ahead {
            ahead = nil
            take(bytes, context)
            if isHandedOver { context.fireChannelReadComplete() }
        }
        guard !isAsked else { return }
        tellEvents(context)
        if isHandedOver { leave(context) } else if isReadWanted { context.read() }
        isReadWanted = false
    }

    private func tellEvents(_ context: ChannelHandlerContext) {
        let told = events
        events = []
        for event in told { context.fireUserInboundEventTriggered(event) }
    }

    private func leave(_ context: ChannelHandlerContext) {
        let channel = context.channel
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        if isReadWanted { channel.read() }
    }
}

extension ByteBuffer {
    /// A whole response, as `HTTPResponseEncoder` writes it; one whose status allows no body has neither that nor its
    /// length.
    fileprivate mutating func write(_ answer: HookAnswer, at date: String, isLast: Bool) {
        let status = HTTPResponseStatus(statusCode: answer.status)
        writeStaticString("HTTP/1.1 ")
        writeString(String(answer.status))
        writeStaticString(" ")
        writeString(status.reasonPhrase)
        for (name, value) in answer.fields where name != "connection" { writeField(name, value) }
        if status.mayHaveResponseBody { writeField("content-length", String(answer.body.utf8.count)) }
        writeField("date", date)
        if isLast { writeField("connection", "close") }
        writeStaticString("\r\n\r\n")
        if status.mayHaveResponseBody { writeString(answer.body) }
    }

    private mutating func writeField(_ name: String, _ value: String) {
        writeStaticString("\r\n")
        writeString(name)
        writeStaticString(": ")
        writeString(value)
    }
}
