import RapportChannels
import RapportCore
import RapportSQLite
import RapportTestServers
import Testing

@testable import RapportHub

@Suite("A clock that jumps", .timeLimit(.minutes(3)))
struct ClockTests {
    private static let size = 20
    private static let policy = """
        timeZone: Asia/Shanghai
        topics:
          news: { title: "News", consent: opt-out }
        rules:
          - cap: { max: 2, per: 7d, scope: customer }
          - quietHours: { from: "21:00", to: "08:00", channels: [email] }

        """

    /// In Shanghai.
    private func instant(_ day: Int, _ time: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: "2027-06-\(day < 10 ? "0" : "")\(day)T\(time)+08:00"))
    }

    @Test("sends nothing twice, nothing in quiet hours, nothing beyond a cap, and turns no wheel in vain")
    func dispatcher() async throws {
        let people = (0..<Self.size).map { "n\($0)@people.test" }
        let hub = try await JumpingHub(policy: Self.policy, at: instant(15, "23:00:00"))
        try await hub.importCustomers(people)
        let adapter = NotingAdapter { hub.now }
        try await hub.dispatching(over: adapter) {
            try await hub.startCampaign("first")
            try await hub.waitForStates([.deferred: Self.size], of: "first")
            // Back by half a year, and forth again to just before the night's end.
            hub.set(try instant(15, "23:00:00").adding(seconds: -180 * 86400))
            try await restsQuietly(hub)
            hub.set(try instant(16, "07:59:59"))
            try await restsQuietly(hub)
            try await hub.waitForStates([.deferred: Self.size], of: "first")
            #expect(adapter.notes.isEmpty)
            hub.set(try instant(16, "08:00:00"))
            try await hub.waitForStates([.accepted: Self.size], of: "first")

            // Back into the night: what went out stays out, and what is new waits for the same morning.
            hub.set(try instant(16, "02:00:00"))
            try await hub.startCampaign("second")
            try await hub.waitForStates([.deferred: Self.size], of: "second")
            #expect(adapter.notes.count == Self.size)
            hub.set(try instant(16, "08:00:01"))
            try await hub.waitForStates([.accepted: Self.size], of: "second")

            // Back to the day before, when by the clock nothing had been sent yet: it was, and it counts.
            hub.set(try instant(15, "12:00:00"))
            try await hub.startCampaign("third")
            try await hub.waitForStates([.deferred: Self.size], of: "third")
            try await restsQuietly(hub)
            // Forth by a year: everything that waited is due once.
            hub.set(try instant(15, "12:00:00").adding(seconds: 365 * 86400))
            try await hub.waitForStates([.accepted: Self.size], of: "third")
            try await restsQuietly(hub)
        }
        #expect(adapter.notes.map(\.to).sorted() == (people + people + people).sorted())
        for note in adapter.notes {
            let minutes = (note.at.seconds + 8 * 3600) % 86400 / 60
            #expect((8 * 60..<21 * 60).contains(Int(minutes)), "\(note)")
        }
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.store.close()
    }

    /// The dispatcher looks for work once a second, and no more often when the clock is somewhere else.
    private func restsQuietly(_ hub: JumpingHub, at place: SourceLocation = #_sourceLocation) async throws {
        let before = hub.clockReadings
        try await Task.sleep(for: .milliseconds(FaultRun.isLong ? 3000 : 800))
        let looks = hub.clockReadings - before
        #expect(looks < 40, "\(looks) looks at the clock", sourceLocation: place)
    }

    @Test("and was ahead when somebody opted out lets nothing through when it is set back")
    func optOut() async throws {
        let people = ["ana@people.test", "bo@people.test", "cai@people.test"]
        let hub = try await JumpingHub(policy: Self.policy, at: instant(15, "12:00:00"))
        try await hub.importCustomers(people)
        hub.set(try instant(25, "12:00:00"))
        try await hub.take(.optOut(topic: "news", channel: nil, method: "list-unsubscribe"), from: people[0])
        try await hub.take(.stop(keyword: "STOP"), from: people[1])
        hub.set(try instant(15, "12:00:01"))
        try await hub.startCampaign("spring")
        let adapter = NotingAdapter { hub.now }
        try await hub.dispatching(over: adapter) {
            try await hub.waitForStates([.accepted: 1, .skipped: 2], of: "spring")
        }
        #expect(adapter.notes.map(\.to) == [people[2]])
        try await hub.store.close()
    }

    @Test("does not shut a throttle until the clock has caught up with itself")
    func throttle() {
        var buckets = RateBuckets()
        let now = Timestamp(seconds: 1_800_000_000)
        let limits = [(key: "spring/mail", perMinute: 60)]
        #expect(buckets.take(limits, at: now) == nil)
        // Set back by a day: the bucket is still empty, and fills from now on.
        let back = now.adding(seconds: -86400)
        let next = buckets.take(limits, at: back)
        #expect(next.map { $0 <= back.adding(seconds: 2) } == true)
        #expect(buckets.take(limits, at: back.adding(seconds: 2)) == nil)
        // Set forward by a day: no more than a second's worth has gathered.
        let forth = now.adding(seconds: 86400)
        #expect(buckets.take(limits, at: forth) == nil)
        #expect(buckets.take(limits, at: forth) != nil)
    }
}
