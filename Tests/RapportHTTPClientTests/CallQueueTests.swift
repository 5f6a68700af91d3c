import Testing

@testable import RapportHTTPClient

@Suite("The queue of calls")
struct CallQueueTests {
    private let now = ContinuousClock.Instant.now

    @Test("starts what it may at once and the rest as others end, in order")
    func order() {
        var queue = CallQueue(limit: 2, limitPerOrigin: 2)
        let later = now + .seconds(9)
        #expect(queue.add(1, origin: "a", deadline: later) == [1])
        #expect(queue.add(2, origin: "a", deadline: later) == [2])
        #expect(queue.add(3, origin: "a", deadline: later) == [])
        #expect(queue.add(4, origin: "b", deadline: later) == [])
        #expect(queue.remove(1) == [3])
        #expect(queue.remove(9) == [])
        #expect(queue.remove(2) == [4])
    }

    @Test("does not let one origin hold up another")
    func origins() {
        var queue = CallQueue(limit: 3, limitPerOrigin: 1)
        let later = now + .seconds(9)
        #expect(queue.add(1, origin: "a", deadline: later) == [1])
        #expect(queue.add(2, origin: "a", deadline: later) == [])
        #expect(queue.add(3, origin: "b", deadline: later) == [3])
        #expect(queue.remove(3) == [])
        #expect(queue.remove(1) == [2])
    }

    @Test("drops what waited too long, and nothing that is under way")
    func expiry() {
        var queue = CallQueue(limit: 1, limitPerOrigin: 1)
        #expect(queue.nextDeadline == nil)
        #expect(queue.add(1, origin: "a", deadline: now) == [1])
        #expect(queue.add(2, origin: "a", deadline: now + .seconds(2)) == [])
        #expect(queue.add(3, origin: "a", deadline: now + .seconds(1)) == [])
        #expect(queue.nextDeadline == now + .seconds(1))
        #expect(queue.expire(at: now + .seconds(1)) == [3])
        #expect(queue.expire(at: now + .seconds(1)) == [])
        #expect(queue.remove(2) == [])
        #expect(queue.remove(1) == [])
    }
}
