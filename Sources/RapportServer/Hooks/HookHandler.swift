import NIOCore
import NIOHTTP1
import RapportChannels

/// Reads what providers send to `/in/`, where `PlainCalls` has not, and writes what they are told, on the connection's own
/// event loop; everything else
/// it leaves to the router, except for what takes too long to be compared with anything.
///
/// A provider's call is short and whole when it comes, and there are thousands of them a second: handing its parts to a
/// task one by one and through the router's layers was a fifth of all the time that is spent on it. It must stand behind
/// `HTTPServerPipelineHandler`, which lets one request in at a time.
final class HookHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// One request and what is known of it.
    private final class Call {
        let head: HTTPRequestHead
        let route: String
        let start = ContinuousClock.now
        /// Whether something of its body may still be on its way.
        var isUnread: Bool

        init(head: HTTPRequestHead, route: String, isUnread: Bool) {
            self.head = head
            self.route = route
            self.isUnread = isUnread
        }
    }

    /// What is done with the parts that come.
    private enum Reading {
        /// They are the router's.
        case nothing
        case body(Call, Hooks.Opened, GatheredBody)
        /// Their request is answered.
        case rest
        /// The connection has ended, or ends with the answer that is written.
        case end
    }

    private let hooks: Hooks
    private let turn: CallsOfTurn
    private var reading = Reading.nothing

    /// - Parameter turn: of the connection's event loop.
    init(_ hooks: Hooks, in turn: CallsOfTurn) {
        self.hooks = hooks
        self.turn = turn
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), reading) {
        case (_, .end): break
        case (.head(let head), _): begin(head, data, context)
        case (_, .nothing): context.fireChannelRead(data)
        case (.body(let part), .body(let call, let opened, let body)):
            do {
                try body.append(part)
            } catch {
                reading = .rest
                write(hooks.refusal(error, by: opened.adapter), to: call, context)
            }
        case (.end, .body(let call, let opened, let body)):
            reading = .nothing
            call.isUnread = false
            answer(call, opened, body, context)
        case (.body, .rest): break
        case (.end, .rest): reading = .nothing
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .body(_, _, let body) = reading { body.isAwaited(on: context.channel) }
        context.fireChannelReadComplete()
    }

    /// The body breaks off, or is none (RFC 9112, section 8).
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .end = reading { return }
        guard case .body(let call, let opened, _) = reading else { return context.fireErrorCaught(error) }
        reading = .rest
        write(hooks.refusal(.interrupted, by: opened.adapter), to: call, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        reading = .end
        context.fireChannelInactive()
    }

    /// Nobody writes so many marks on a character, and to compare such a value with anything takes the square of their
    /// number. What else there is of a head is ASCII, as the reader of HTTP demands.
    private func begin(_ head: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
        let target = Hooks.target(head.uri)
        guard head.headers.allSatisfy({ $0.value.isStreamSafe }) else {
            let route = target == nil ? "NotFound" : Hooks.route
            reading = .rest
            return write(
                hooks.refusal(Problem.malformed("header", "expected at most 30 marks on a character")),
                to: Call(head: head, route: route, isUnread: head.bodyLength != 0), context)
        }
        if let target {
            open(head, at: target, context)
        } else {
            reading = .nothing
            context.fireChannelRead(data)
        }
    }

    private func open(_ head: HTTPRequestHead, at target: RequestTarget, _ context: ChannelHandlerContext) {
        let length = head.bodyLength
        let call = Call(head: head, route: Hooks.route, isUnread: length != 0)
        reading = .rest
        do {
            let opened = try hooks.open(head, at: target)
            do {
                let limit = opened.adapter.bodyLimit
                reading = .body(call, opened, try GatheredBody(announced: length, limit: limit, bounds: hooks.bounds))
                if call.isUnread { context.triggerUserOutboundEvent(ContinueAnswer.BodyIsWanted(), promise: nil) }
            } catch {
                write(hooks.refusal(error, by: opened.adapter), to: call, context)
            }
        } catch {
            write(hooks.refusal(error), to: call, context)
        }
    }

    /// The body's room is taken until the answer is there: while the store stalls, those that have been read are what fills
    /// the memory.
    private func answer(_ call: Call, _ opened: Hooks.Opened, _ body: GatheredBody, _ context: ChannelHandlerContext) {
        turn.serve(hooks.complete(opened, body.finish())) { [self] answer in
            body.giveBack()
            write(answer, to: call, context)
        }
    }

    /// A client that announced a body which nobody wants is not listened to any more: the way to its next request would
    /// lead through the rest of this one, however long that is and however slowly it comes.
    private func write(_ answer: HookAnswer, to call: Call, _ context: ChannelHandlerContext) {
        hooks.record(answer, to: call.head.method.rawValue, at: call.route, since: call.start)
        guard context.channel.isActive else { return }
        let lingers = answer.endsConnection || call.isUnread
        let closes = lingers || !call.head.isKeepAlive
        var head = HTTPResponseHead(answer, at: hooks.dateText)
        if closes {
            reading = .end
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if call.head.method != .HEAD, !answer.body.isEmpty {
            let body = context.channel.allocator.buffer(string: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let channel = context.channel
        let written = closes && !lingers ? context.eventLoop.makePromise(of: Void.self) : nil
        written?.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        if lingers { LingeringClose.begin(on: channel, for: hooks.lingerSeconds) }
    }
}

extension HTTPResponseHead {
    fileprivate init(_ answer: HookAnswer, at date: String) {
        var headers = HTTPHeaders(answer.fields)
        headers.add(name: "content-length", value: String(answer.body.utf8.count))
        headers.add(name: "date", value: date)
        self.init(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    }
}
