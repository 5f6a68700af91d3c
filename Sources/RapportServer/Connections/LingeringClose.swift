import NIOCore

/// Drops what a client goes on sending although its answer ends the connection (RFC 9112, section 9.6).
///
/// To close at once would be to answer what is still on its way with a reset, and a client that writes its whole request
/// before it looks for an answer would see that instead of the answer. So what comes is dropped before anything looks at
/// it, for a moment and within a bound. A client that sends more is not read from any more: it has the rest of the
/// moment to see why.
final class LingeringClose: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// In bytes.
    private static let limit = 16 << 20

    private var room: Int

    init(limit: Int) {
        room = limit
    }

    /// From now on nothing is heard on the connection; it is cut a moment later. What is written still leaves.
    static func begin(on channel: any NIOCore.Channel, for seconds: Int) {
        channel.eventLoop.execute {
            do {
                try channel.pipeline.syncOperations.addHandler(LingeringClose(limit: limit), position: .first)
            } catch {
                // Only a channel that is closed takes no handler.
                channel.close(promise: nil)
            }
        }
        channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        room -= unwrapInboundIn(data).readableBytes
    }

    func read(context: ChannelHandlerContext) {
        if room > 0 { context.read() }
    }
}
