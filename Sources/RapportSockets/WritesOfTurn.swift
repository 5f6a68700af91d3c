package import NIOCore

/// Lets what is written to many connections in one turn of their event loop leave with one call of the system.
///
/// Where cores are few, a peer that is woken by a write runs before the next one is made, finds that one message and
/// waits again: there are as many switches between the two as there are messages. It is not woken in the middle of a
/// call.
package final class WritesOfTurn {
    private let loop: any EventLoop
    /// As `SystemWrites.write`. Not there when the system has none to give; each connection writes by itself then.
    private let write: (([SystemWrites.Write]) -> [Int])?
    private var waiting: [GatheredWrites] = []
    /// What leaves together lies here meanwhile.
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * GatheredWrites.limit, alignment: 16)

    /// Where there are more, peers run elsewhere; and what all programs together may have for such calls is limited, of
    /// which each loop takes a part.
    private static let fewCores = 8

    /// - Parameter loop: on which all of its connections live, and everything happens.
    package convenience init(on loop: any EventLoop) {
        self.init(on: loop, write: System.coreCount <= Self.fewCores ? SystemWrites()?.write : nil)
    }

    init(on loop: any EventLoop, write: (([SystemWrites.Write]) -> [Int])?) {
        self.loop = loop
        self.write = write
    }

    deinit { room.deallocate() }

    /// - Parameter writes: has flushed something, and has not been added since it left last. What becomes of it is known
    ///   before this turn is over, or at once.
    func add(_ writes: GatheredWrites) {
        waiting.append(writes)
        guard write != nil else { return endTurn() }
        // Behind all that is ready to be read in this turn.
        if waiting.count == 1 { loop.assumeIsolated().execute { self.endTurn() } }
    }

    private func endTurn() {
        var rest = waiting[...]
        waiting = []
        while !rest.isEmpty { leave(&rest) }
    }

    /// As many as have room.
    private func leave(_ rest: inout ArraySlice<GatheredWrites>) {
        var leaving: [GatheredWrites] = []
        var writes: [SystemWrites.Write] = []
        var used = 0
        while let next = rest.first, leaving.count < SystemWrites.limit, used + next.flushedSize <= room.count {
            rest.removeFirst()
            guard let descriptor = next.beginLeaving() else { continue }
            let bytes = UnsafeMutableRawBufferPointer(rebasing: room[used..<used + next.flushedSize])
            next.copyFlushed(to: bytes)
            used += bytes.count
            leaving.append(next)
            writes.append(SystemWrites.Write(descriptor: descriptor, bytes: bytes))
        }
        // One alone costs less in the usual way.
        let taken = (writes.count > 1 ? write?(writes) : nil) ?? Array(repeating: 0, count: writes.count)
        for (writes, count) in zip(leaving, taken) { writes.haveLeft(count) }
        // All of them know where they stand before anybody is told, who may write and close as he likes.
        for writes in leaving { writes.tell() }
    }
}
