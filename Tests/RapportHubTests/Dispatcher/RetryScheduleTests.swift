import RapportCore
import Testing

@testable import RapportHub

@Suite("Trying again, and not too fast")
struct RetryScheduleTests {
    private let now = Timestamp(seconds: 1_000_000)
    private let schedule = RetrySchedule(firstSeconds: 60, longestSeconds: 3600, attempts: 5)

    @Test("waits double up to the longest", arguments: [(1, 60), (2, 120), (3, 240), (4, 480)])
    func doubling(attempt: Int, seconds: Int64) {
        #expect(schedule.next(after: attempt, now: now, expiresAt: nil, jitter: 0) == now.adding(seconds: seconds))
    }

    @Test("jitter adds up to a quarter, the other side's wish is kept, and the end is the end")
    func limits() {
        #expect(schedule.next(after: 1, now: now, expiresAt: nil, jitter: 0.999)! < now.adding(seconds: 75))
        #expect(
            schedule.next(after: 1, now: now, expiresAt: nil, notBeforeSeconds: 900, jitter: 0)
                == now.adding(seconds: 900))
        #expect(
            schedule.next(after: 1, now: now, expiresAt: nil, notBeforeSeconds: 900, jitter: 0.5)
                == now.adding(milliseconds: 1_012_500))
        #expect(schedule.next(after: 5, now: now, expiresAt: nil, jitter: 0) == nil)
        #expect(schedule.next(after: 1, now: now, expiresAt: now.adding(seconds: 60), jitter: 0) == nil)
        #expect(schedule.next(after: 1, now: now, expiresAt: now.adding(seconds: 61), jitter: 0) != nil)
    }

    @Test("a message with an end of its own is tried until then, however often that is")
    func untilExpiry() {
        let week = now.adding(seconds: 7 * 86400)
        #expect(schedule.next(after: 100, now: now, expiresAt: week, jitter: 0) == now.adding(seconds: 3600))
        #expect(schedule.next(after: 100, now: week.adding(seconds: -3600), expiresAt: week, jitter: 0) == nil)
    }

    @Test("a bucket gives a second's worth at once and then its rate, and takes from all limits or from none")
    func buckets() {
        var buckets = RateBuckets()
        let limits = [(key: "all", perMinute: 120), (key: "domain", perMinute: 60)]
        #expect(buckets.take(limits, at: now) == nil)
        let later = buckets.take(limits, at: now)
        #expect(later.map { $0 > now && $0 <= now.adding(milliseconds: 1002) } == true)
        #expect(
            buckets.take([(key: "all", perMinute: 120)], at: now) == nil, "the refusal cost the other limit nothing")
        #expect(buckets.take([(key: "all", perMinute: 120)], at: now) != nil)
        #expect(buckets.take(limits, at: now.adding(seconds: 2)) == nil)
        buckets.prune(at: now.adding(seconds: 60))
        #expect(buckets.count == 0)
    }

    @Test("who finds no room is told a turn, one behind the other and never later than in ten minutes")
    func turns() {
        var buckets = RateBuckets()
        let limits = [(key: "all", perMinute: 60), (key: "domain", perMinute: 30)]
        #expect(buckets.take(limits, at: now) == nil)
        let turns = (0..<400).map { _ in buckets.take(limits, at: now) }
        let expected = (1...400).map { min($0 * 2000 + 1, 600_000) }
        #expect(turns.map { $0.map { Int($0.milliseconds - now.milliseconds) } } == expected)
    }
}
