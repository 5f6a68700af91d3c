import Foundation
import RapportCore
import Testing

@testable import RapportPolicy

@Suite("Local time")
struct ZoneTests {
    static func zone(_ name: String) throws -> Zone {
        try #require(ZoneDatabase.system.zone(named: name), "this machine has no zone \(name)")
    }

    static func local(_ text: String) -> Int64 { Samples.instant(text + "Z").seconds }

    @Test(
        "a local time is its only instant, the first of two, or the end of the gap that it is in",
        arguments: [
            ("Europe/Berlin", "2026-06-15T12:00:00", "2026-06-15T10:00:00Z"),
            ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
            ("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
            ("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00Z"),
            ("Europe/Berlin", "2026-10-25T02:59:59", "2026-10-25T00:59:59Z"),
            ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
            // Midnight is skipped.
            ("America/Havana", "2026-03-08T00:00:00", "2026-03-08T05:00:00Z"),
            ("America/Havana", "2026-03-08T00:59:59", "2026-03-08T05:00:00Z"),
            // The hour after midnight comes twice.
            ("America/Havana", "2026-11-01T00:30:00", "2026-11-01T04:30:00Z"),
            // Half an hour of daylight saving time.
            ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z"),
            ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"),
            // 30 December 2011 never was.
            ("Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59Z"),
            ("Pacific/Apia", "2011-12-30T00:00:00", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-30T15:00:00", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z"),
            // By the rule at the end of the file, long after its last transition, and 400 years on.
            ("Europe/Berlin", "2226-03-26T02:30:00", "2226-03-26T01:00:00Z"),
            ("Europe/Berlin", "2626-03-26T02:30:00", "2626-03-26T01:00:00Z"),
            ("Europe/Berlin", "9026-03-29T03:00:00", "9026-03-29T01:00:00Z"),
            ("Asia/Kathmandu", "2500-01-01T00:00:00", "2499-12-31T18:15:00Z"),
            ("UTC", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z"),
        ])
    func instants(name: String, local: String, expected: String) throws {
        let zone = try ZoneTests.zone(name)
        let clock = LocalClock(zone, around: Samples.instant(expected))
        let instant = Samples.instant(expected).seconds
        #expect(zone.instant(local: ZoneTests.local(local)) == instant)
        #expect(clock.instant(local: ZoneTests.local(local)) == instant)
    }

    @Test(
        "around clock changes, every minute's local time leads back to where the definition says",
        arguments: [
            ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"),
            ("America/Havana", "2026-03-08T05:00:00Z"), ("America/Havana", "2026-11-01T05:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"), ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z"), ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
            ("America/St_Johns", "2011-03-13T03:31:00Z"), ("America/St_Johns", "2010-11-07T02:31:00Z"),
        ])
    func everyMinute(name: String, change: String) throws {
        let zone = try ZoneTests.zone(name)
        let middle = Samples.instant(change).seconds
        let minutes = (-3000...3000).map { middle + Int64($0) * 60 }
        let locals = minutes.map { $0 + zone.stretch(at: $0).offset }
        var wrong: [Timestamp] = []
        for offset in [-3600, 0, 3600] {
            let clock = LocalClock(zone, around: Timestamp(seconds: middle + Int64(offset)))
            // The first minute that shows a local time, or else the first that shows a later one.
            var exact: [Int64: Int64] = [:]
            for (minute, local) in zip(minutes, locals) where exact[local] == nil { exact[local] = minute }
            for local in stride(from: locals[100], through: locals[5900], by: 60) {
                let expected =
                    try exact[local]
                    ?? minutes[
                        #require(
                            zip(locals, locals.dropFirst()).enumerated()
                                .first { $0.element.0 < local && $0.element.1 > local }?.offset) + 1]
                if clock.instant(local: local) != expected || zone.instant(local: local) != expected {
                    wrong.append(Timestamp(seconds: local))
                }
            }
        }
        #expect(wrong == [])
    }

    @Test(
        "an instant is in the night of some date, by the definition, or in none",
        arguments: [
            ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"),
            ("America/Havana", "2026-03-08T05:00:00Z"), ("America/Havana", "2026-11-01T05:00:00Z"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z"), ("America/St_Johns", "2010-11-07T02:31:00Z"),
        ])
    func nights(name: String, change: String) throws {
        let zone = try ZoneTests.zone(name)
        let middle = Samples.instant(change).seconds
        let today = LocalClock.day(ofLocal: middle)
        var wrong: [String] = []
        for (from, to) in [(1320, 420), (0, 30), (0, 1439), (120, 150), (1439, 0), (60, 1380)] {
            let intervals = (-5...5).map { (offset: Int64) -> Range<Int64> in
                let start = zone.instant(local: (today + offset) * 86400 + Int64(from) * 60)
                let end = zone.instant(local: (today + offset + (to < from ? 1 : 0)) * 86400 + Int64(to) * 60)
                return start..<max(start, end)
            }
            for second in stride(from: middle - 130_000, through: middle + 130_000, by: 60) {
                let clock = LocalClock(zone, around: Timestamp(seconds: second))
                let expected = intervals.filter { $0.contains(second) }.map(\.upperBound).max()
                let night = Night(QuietHours(from: from, to: to))
                if night.end(at: second, clock) != expected { wrong.append("\(from) to \(to) at \(second)") }
            }
        }
        #expect(wrong == [])
    }

    @Test("leaving a local day may mean going back over midnight")
    func leaving() throws {
        // In 2011 clocks in Newfoundland went back at one minute past midnight.
        let zone = try ZoneTests.zone("America/St_Johns")
        let second = Samples.instant("2010-11-07T02:30:30Z").seconds
        let clock = LocalClock(zone, around: Timestamp(seconds: second))
        let day = clock.day(second)
        #expect(CivilDate(daysSinceEpoch: Int(day)) == CivilDate(year: 2010, month: 11, day: 7))
        let left = clock.firstInstant(outside: day * 86400..<(day + 1) * 86400, from: second)
        #expect(Timestamp(seconds: left).rfc3339 == "2010-11-07T02:31:00Z")
        #expect(clock.day(left) == day - 1)
    }

    @Test("weeks begin on Monday, months on the first")
    func periods() {
        func span(_ period: LocalPeriod, _ text: String) -> [String] {
            let span = period.span(aroundLocal: ZoneTests.local(text))
            return [span.lowerBound, span.upperBound].map { String(Timestamp(seconds: $0).rfc3339.prefix(10)) }
        }
        #expect(span(.day, "2026-06-15T23:59:59") == ["2026-06-15", "2026-06-16"])
        #expect(span(.week, "2026-06-15T00:00:00") == ["2026-06-15", "2026-06-22"])
        #expect(span(.week, "2026-06-21T23:59:59") == ["2026-06-15", "2026-06-22"])
        #expect(span(.month, "2024-02-29T12:00:00") == ["2024-02-01", "2024-03-01"])
        #expect(span(.month, "1969-12-31T12:00:00") == ["1969-12-01", "1970-01-01"])
        #expect(span(.week, "1969-12-31T12:00:00") == ["1969-12-29", "1970-01-05"])
    }

    @Test(
        "names that are no zones have none, and lead to no other file",
        arguments: [
            "", "/", ".", "..", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "Europe/../UTC", "Europe//Berlin",
            "Europe/",
            "Europe", "zone.tab", "tzdata.zi", "leapseconds", "localtime", "posixrules", "right/UTC", "posix/UTC",
            "UTC\u{0}",
            "Europe/Berlin ", "Asia/Schanghai", String(repeating: "A", count: 500), "a/b/c/d",
        ])
    func noZones(name: String) {
        #expect(ZoneDatabase.system.zone(named: name) == nil)
    }

    @Test("the same zone is read once, and names are listed for suggestions")
    func database() throws {
        let database = ZoneDatabase(folders: ["/nowhere", "/usr/share/zoneinfo", "/usr/lib/zoneinfo"])
        let first = try #require(database.zone(named: "Europe/Berlin"))
        #expect(database.zone(named: "Europe/Berlin") === first)
        #expect(database.names().contains("Europe/Berlin"))
        #expect(!database.names().contains { $0.contains(".") })
        #expect(ZoneDatabase(folders: []).zone(named: "UTC") == nil)
    }
}
