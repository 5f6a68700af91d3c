import RapportCore
import RapportLog

/// A recipient who waits, and may be kept from a message by what somebody else gets meanwhile. There may be as many as
/// recipients, so all that can be read again is left out.
struct SharedWait: Sendable {
    /// So many get their turns at once.
    static let pageSize = 500
    /// Who was deferred so often is taken to get it then: in a household of thousands everybody would have a turn whenever
    /// one of them gets something.
    static let mostTurns = 100

    var customer: CustomerID
    var variables: [String: String]
    /// When the next turn comes.
    var until: Timestamp
    /// The latest, without the others who wait for the same turn or a later one. It defers to `until`.
    var judgement: ClaimDecision
    /// How many there were.
    var turns = 0

    mutating func `defer`(until: Timestamp, _ judgement: ClaimDecision) {
        self.until = until
        self.judgement = judgement
        turns += 1
    }

    func comes(before other: SharedWait) -> Bool {
        (until, customer) < (other.until, other.customer)
    }
}

/// Those who wait, in the order in which their turns come: a binary heap.
struct WaitQueue {
    private var heap: [SharedWait]

    init(_ waits: [SharedWait]) {
        // What is sorted is a heap.
        heap = waits.sorted { $0.comes(before: $1) }
    }

    var isEmpty: Bool { heap.isEmpty }

    mutating func insert(_ wait: SharedWait) {
        heap.append(wait)
        var index = heap.count - 1
        while index > 0, heap[index].comes(before: heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes the next ones, in order.
    mutating func next(_ count: Int) -> [SharedWait] {
        (0..<min(count, heap.count)).map { _ in removeFirst() }
    }

    private mutating func removeFirst() -> SharedWait {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var index = 0
        while 2 * index + 1 < heap.count {
            var child = 2 * index + 1
            if child + 1 < heap.count, heap[child + 1].comes(before: heap[child]) { child += 1 }
            guard heap[child].comes(before: heap[index]) else { break }
            heap.swapAt(index, child)
            index = child
        }
        return first
    }
}
