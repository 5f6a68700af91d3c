import RapportChannels
import RapportEmail
import Testing

@Suite struct SMTPPoolStateTests {
    private typealias Pool = SMTPPoolState<Int>

    private func pool(_ connections: Int = 2, queue: Int = 3) -> Pool {
        Pool(
            .init(
                connections: connections, queue: queue, queueTime: 1000, idleTime: 500, firstPause: 100,
                longestPause: 900))
    }

    private func text(_ actions: [Pool.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .connect(let id): "connect \(id)"
            case .wake(let id): "wake \(id)"
            case .drain(let id): "drain \(id)"
            case .fail(let job, let error): "fail \(job) \(error.code) \(error.retryAfterSeconds ?? 0)"
            case .closed: "closed"
            }
        }
    }

    @Test("opens a connection for each message that waits, up to its limit, and refuses what is too much")
    func limits() {
        var pool = pool()
        #expect(text(pool.enqueue(1, now: 0)) == ["connect 1"])
        #expect(text(pool.enqueue(2, now: 0)) == ["connect 2"])
        #expect(text(pool.enqueue(3, now: 0)) == [])
        #expect(text(pool.enqueue(4, now: 0)) == ["fail 4 throttled 0"])
        pool.ready(1)
        #expect(pool.next(for: 1, isIdle: true, wasUseful: false, now: 1) == 1)
        #expect(pool.next(for: 1, isIdle: false, wasUseful: false, now: 1) == 2)
        #expect(pool.next(for: 1, isIdle: false, wasUseful: true, now: 1) == 3)
        #expect(pool.next(for: 1, isIdle: false, wasUseful: true, now: 1) == nil)
    }

    @Test("that is told to withdraw gives back what waits and what still comes, and lets connections finish theirs")
    func withdraw() {
        var pool = pool(1, queue: 9)
        for job in 1...4 { _ = pool.enqueue(job, now: 0) }
        pool.ready(1)
        #expect(pool.next(for: 1, isIdle: true, wasUseful: false, now: 1) == 1)
        #expect(text(pool.withdraw()) == ["fail 2 withdrawn 0", "fail 3 withdrawn 0", "fail 4 withdrawn 0"])
        #expect(pool.next(for: 1, isIdle: true, wasUseful: true, now: 2) == nil)
        #expect(text(pool.enqueue(5, now: 3)) == ["fail 5 withdrawn 0"])
        #expect(text(pool.giveBack(1, now: 3)) == ["fail 1 withdrawn 0"])
        #expect(text(pool.close()) == ["drain 1"])
    }

    @Test("wakes the idle connection that was used last, and lets those go that are not needed")
    func idle() {
        var pool = pool()
        _ = pool.enqueue(1, now: 0)
        _ = pool.enqueue(2, now: 0)
        for id in [1, 2] {
            pool.ready(id)
            #expect(pool.next(for: id, isIdle: true, wasUseful: false, now: 0) == id)
        }
        #expect(pool.next(for: 1, isIdle: true, wasUseful: true, now: 10) == nil)
        #expect(pool.next(for: 2, isIdle: true, wasUseful: true, now: 20) == nil)
        #expect(pool.nextTick == 510)
        #expect(text(pool.enqueue(3, now: 100)) == ["wake 2"])
        #expect(pool.next(for: 2, isIdle: true, wasUseful: true, now: 100) == 3)
        #expect(text(pool.tick(now: 509)) == [])
        #expect(text(pool.tick(now: 510)) == ["drain 1"])
        #expect(text(pool.enqueue(4, now: 511)) == [])
        #expect(text(pool.ended(1, error: nil, wasUseful: true, now: 512)) == ["connect 3"])
    }

    @Test("a dead relay is tried ever more rarely, and each message sees one attempt fail")
    func backoff() {
        var pool = pool()
        var now: Int64 = 0
        var pauses: [Int64] = []
        for attempt in 1...6 {
            #expect(text(pool.enqueue(attempt, now: now)) == (attempt == 1 ? ["connect 1"] : []))
            if attempt > 1 {
                guard let next = pool.nextTick else { return }
                pauses.append(next - now)
                #expect(text(pool.tick(now: next - 1)) == [])
                #expect(text(pool.tick(now: next)) == ["connect \(attempt)"])
                now = next
            }
            #expect(
                text(pool.ended(attempt, error: SendError(.connection), wasUseful: false, now: now))
                    == ["fail \(attempt) connection 1"])
        }
        #expect(pauses == [100, 200, 400, 800, 900])
    }

    @Test("after a failure only one connection is tried at a time, until one works")
    func oneProbe() {
        var pool = pool(3)
        #expect(text(pool.enqueue(1, now: 0) + pool.enqueue(2, now: 0)) == ["connect 1", "connect 2"])
        // The other attempt is still under way: nobody is told to give up before it ends.
        #expect(
            text(pool.ended(1, error: SendError(.connection), wasUseful: false, now: 0)) == [
                "fail 1 connection 1", "fail 2 connection 1",
            ])
        #expect(text(pool.enqueue(3, now: 500)) == [])
        pool.ready(2)
        #expect(pool.next(for: 2, isIdle: true, wasUseful: false, now: 500) == 3)
        #expect(text(pool.enqueue(4, now: 500)) == ["connect 3"])
        #expect(text(pool.enqueue(5, now: 500)) == [])
        #expect(pool.next(for: 2, isIdle: false, wasUseful: true, now: 501) == 4)
        #expect(text(pool.enqueue(6, now: 502)) == ["connect 4"])
    }

    @Test("while a connection works, failing to open another fails no message")
    func partial() {
        var pool = pool()
        _ = pool.enqueue(1, now: 0)
        pool.ready(1)
        #expect(pool.next(for: 1, isIdle: true, wasUseful: false, now: 0) == 1)
        #expect(text(pool.enqueue(2, now: 0)) == ["connect 2"])
        #expect(text(pool.ended(2, error: SendError(.connection), wasUseful: false, now: 0)) == [])
        #expect(pool.waitingCount == 1)
    }

    @Test("a connection that was never of use counts as a failure, however far it came")
    func useless() {
        var pool = pool(1)
        _ = pool.enqueue(1, now: 0)
        pool.ready(1)
        #expect(pool.next(for: 1, isIdle: true, wasUseful: false, now: 0) == 1)
        #expect(text(pool.ended(1, error: nil, wasUseful: false, now: 0)) == [])
        #expect(text(pool.enqueue(2, now: 50)) == [])
        #expect(text(pool.tick(now: 100)) == ["connect 2"])
    }

    @Test("nobody waits for ever, and what is given back goes first")
    func waiting() {
        var pool = pool(1)
        _ = pool.enqueue(1, now: 0)
        _ = pool.enqueue(2, now: 10)
        pool.ready(1)
        #expect(pool.next(for: 1, isIdle: true, wasUseful: true, now: 0) == 1)
        _ = pool.giveBack(1, now: 500)
        #expect(pool.next(for: 1, isIdle: true, wasUseful: true, now: 500) == 1)
        #expect(pool.nextTick == 1010)
        #expect(text(pool.tick(now: 1009)) == [])
        #expect(text(pool.tick(now: 1010)) == ["fail 2 timeout 0"])
        _ = pool.enqueue(3, now: 2000)
        #expect(pool.withdraw { $0 == 3 } == 3)
        #expect(pool.withdraw { $0 == 3 } == nil)
        #expect(pool.waitingCount == 0)
    }

    @Test("closing fails what waits, drains what is open and ends with the last connection")
    func closing() {
        var pool = pool(1)
        _ = pool.enqueue(1, now: 0)
        _ = pool.enqueue(2, now: 0)
        pool.ready(1)
        _ = pool.next(for: 1, isIdle: true, wasUseful: false, now: 0)
        #expect(text(pool.close()) == ["fail 2 connection 0", "drain 1"])
        #expect(text(pool.enqueue(3, now: 0)) == ["fail 3 connection 0"])
        #expect(text(pool.giveBack(1, now: 0)) == ["fail 1 connection 0"])
        #expect(pool.next(for: 1, isIdle: true, wasUseful: true, now: 0) == nil)
        #expect(text(pool.ended(1, error: nil, wasUseful: true, now: 0)) == ["closed"])
        var empty = self.pool()
        #expect(text(empty.close()) == ["closed"])
    }
}
