import NIOCore

/// A body that is being read and worked on, within a size, a time and what all bodies together may take.
final class GatheredBody {
    private let limit: Int
    private let bounds: BodyBounds
    private var bytes: [UInt8] = []
    private var deadline: UInt64?

    /// - Parameter announced: how long it will be, if that is known.
    /// - Throws: `Problem` 413 when that is too long already.
    init(announced: Int?, limit: Int, bounds: BodyBounds) throws(Problem) {
        let announced = announced ?? 0
        guard announced <= limit else { throw Problem.tooLarge(limit: limit) }
        self.limit = limit
        self.bounds = bounds
        // Announcing costs a client nothing, so room is taken for what has come.
        bytes.reserveCapacity(min(announced, 64 << 10))
    }

    deinit { giveBack() }

    /// - Throws: `Problem` 413 at the first byte too many, 503 when the bodies of all requests together are too much.
    func append(_ part: ByteBuffer) throws(Problem) {
        guard bytes.count + part.readableBytes <= limit else { throw Problem.tooLarge(limit: limit) }
        guard bounds.budget.take(part.readableBytes) else { throw Problem.crowded }
        bytes.append(contentsOf: part.readableBytesView)
    }

    /// There is more to come; the connection is closed when it takes too long.
    func isAwaited(on channel: any NIOCore.Channel) {
        if deadline == nil { deadline = bounds.deadlines.begin(channel) }
    }

    /// The body is whole. Its room is others' again when whoever works on it says so, or lets go of this.
    func finish() -> [UInt8] {
        endDeadline()
        return bytes
    }

    /// As `finish`; its room is others' again when the request is answered that it belongs to.
    func finish(keptBy progress: BodyProgress) -> [UInt8] {
        endDeadline()
        progress.keep(bytes.count, of: bounds.budget)
        defer { bytes = [] }
        return bytes
    }

    func giveBack() {
        endDeadline()
        bounds.budget.giveBack(bytes.count)
        bytes = []
    }

    private func endDeadline() {
        if let deadline { bounds.deadlines.end(deadline) }
        deadline = nil
    }
}
