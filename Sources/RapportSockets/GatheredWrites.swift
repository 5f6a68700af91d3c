package import NIOCore

/// Holds what is flushed to a connection until the turn of its event loop ends, to let it leave together with that of
/// others. It must be the first in its pipeline, where everything is bytes on their way to the socket.
///
/// A promise is kept or broken as it would be without it, only later in the same turn: it is kept when the kernel has all
/// bytes of its write.
package final class GatheredWrites: ChannelOutboundHandler {
    package typealias OutboundIn = IOData
    package typealias OutboundOut = IOData

    /// What becomes of bytes that are held when somebody closes the connection in the same turn.
    package enum Closing: Sendable {
        /// They leave, as far as the kernel takes them at once.
        case letsLeave
        /// They do not leave: whoever closes has counted on that.
        case cutsOff
    }

    private struct Piece {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    /// In bytes. What is larger is written as it comes.
    static let limit = 64 << 10

    private let turn: WritesOfTurn
    private let closing: Closing
    private var context: ChannelHandlerContext?
    private var descriptor: NIOBSDSocket.Handle?
    private var pieces: [Piece] = []
    private var size = 0
    /// How many of the pieces are to leave, and their bytes.
    private var flushed = 0
    private(set) var flushedSize = 0
    private var isWaiting = false
    /// Of pieces that have left.
    private var kept: [EventLoopPromise<Void>] = []
    /// Pieces that the channel writes by itself, which nothing may overtake.
    private var passing = 0

    package init(in turn: WritesOfTurn, closing: Closing) {
        self.turn = turn
        self.closing = closing
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let pipeline = context.pipeline.syncOperations
        // Without one all is passed on.
        descriptor = (try? pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }) ?? nil
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        drop()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard descriptor != nil, passing == 0, context.channel.isActive,
            case .byteBuffer(let bytes) = unwrapOutboundIn(data), size + bytes.readableBytes <= Self.limit
        else {
            passAll(context)
            return pass(data, promise, context)
        }
        pieces.append(Piece(bytes: bytes, promise: promise))
        size += bytes.readableBytes
    }

    package func flush(context: ChannelHandlerContext) {
        if passing > 0 { passAll(context) }
        guard !pieces.isEmpty else { return context.flush() }
        (flushed, flushedSize) = (pieces.count, size)
        guard !isWaiting else { return }
        isWaiting = true
        turn.add(self)
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if closing == .letsLeave || mode != .all { passAll(context) }
        context.close(mode: mode, promise: promise)
        // What is flushed above is written or broken by now.
        if mode == .all { drop() }
    }

    // MARK: What the turn asks

    /// - Returns: the socket; `nil` when nothing is left to leave, or nowhere to go.
    func beginLeaving() -> NIOBSDSocket.Handle? {
        isWaiting = false
        // The number of a closed socket may be that of another file by now.
        guard flushed > 0, context?.channel.isActive == true else { return nil }
        return descriptor
    }

    /// - Parameter room: for as many bytes as are flushed.
    func copyFlushed(to room: UnsafeMutableRawBufferPointer) {
        var start = 0
        for piece in pieces[..<flushed] {
            let length = piece.bytes.readableBytes
            let part = UnsafeMutableRawBufferPointer(rebasing: room[start..<start + length])
            piece.bytes.withUnsafeReadableBytes(part.copyMemory)
            start += length
        }
    }

    /// - Parameter count: so many bytes of what was flushed has the kernel; the channel sees to the rest.
    func haveLeft(_ count: Int) {
        guard let context else { return }
        let leaving = pieces[..<flushed]
        pieces = Array(pieces[flushed...])
        size -= flushedSize
        (flushed, flushedSize) = (0, 0)
        var taken = count
        for var piece in leaving {
            let length = piece.bytes.readableBytes
            if passing == 0, length <= taken {
                taken -= length
                if let promise = piece.promise { kept.append(promise) }
            } else {
                piece.bytes.moveReaderIndex(forwardBy: taken)
                taken = 0
                pass(piece, context)
            }
        }
    }

    func tell() {
        let told = kept
        kept = []
        for promise in told { promise.succeed() }
        if passing > 0 { context?.flush() }
    }

    // MARK: Passing on

    /// What is not flushed yet goes along, because what follows must not wait for it.
    private func passAll(_ context: ChannelHandlerContext) {
        guard !pieces.isEmpty else { return }
        let all = pieces
        let isFlushed = flushed > 0
        forget()
        for piece in all { pass(piece, context) }
        if isFlushed { context.flush() }
    }

    private func pass(_ piece: Piece, _ context: ChannelHandlerContext) {
        pass(wrapOutboundOut(.byteBuffer(piece.bytes)), piece.promise, context)
    }

    private func pass(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let written = promise ?? context.eventLoop.makePromise()
        passing += 1
        written.futureResult.assumeIsolated().whenComplete { _ in self.passing -= 1 }
        context.write(data, promise: written)
    }

    private func drop() {
        let dropped = pieces
        forget()
        for piece in dropped { piece.promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    private func forget() {
        pieces = []
        (size, flushed, flushedSize) = (0, 0, 0)
    }
}
