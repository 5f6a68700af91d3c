import CAIO
import Glibc

/// Writes to many sockets with one call of the system (`io_submit(2)`).
///
/// To a socket that doesn't block the system writes before that call returns, as it does for `write(2)`: it takes what
/// there is room for.
final class SystemWrites {
    struct Write {
        /// Of a socket that doesn't block.
        let descriptor: Int32
        let bytes: UnsafeMutableRawBufferPointer
    }

    /// So many with one call.
    static let limit = 128

    private let context: io_context_t
    private let requests: UnsafeMutablePointer<iocb>
    private let order: UnsafeMutablePointer<UnsafeMutablePointer<iocb>?>
    private let events: UnsafeMutablePointer<io_event>

    /// Fails where the system has none to give: it may be told to have few (`fs.aio-max-nr`), or none at all.
    init?() {
        var context: io_context_t?
        guard io_setup(Int32(Self.limit), &context) == 0, let context else { return nil }
        self.context = context
        requests = .allocate(capacity: Self.limit)
        order = .allocate(capacity: Self.limit)
        events = .allocate(capacity: Self.limit)
        for index in 0..<Self.limit { order[index] = requests + index }
    }

    deinit {
        io_destroy(context)
        requests.deallocate()
        order.deallocate()
        events.deallocate()
    }

    /// - Parameter writes: at most `limit`.
    /// - Returns: of how many bytes of each the system has taken charge. Why it took fewer than it was given, the next
    ///   write to that socket tells.
    func write(_ writes: [Write]) -> [Int] {
        precondition(writes.count <= Self.limit)
        for (index, write) in writes.enumerated() {
            io_prep_pwrite(requests + index, write.descriptor, write.bytes.baseAddress, write.bytes.count, 0)
            requests[index].data = UnsafeMutableRawPointer(bitPattern: index)
        }
        var taken = Array(repeating: 0, count: writes.count)
        // It stops at one that it can't even begin.
        let begun = Int(io_submit(context, writes.count, order))
        var done = 0
        while done < begun {
            let count = Int(io_getevents(context, begun - done, begun - done, events, nil))
            precondition(count >= 0 || count == -Int(EINTR), "io_getevents: \(count)")
            for event in UnsafeBufferPointer(start: events, count: max(0, count)) {
                taken[Int(bitPattern: event.data)] = max(0, Int(bitPattern: event.res))
            }
            done += max(0, count)
        }
        return taken
    }
}
