import Foundation
import Testing

@testable import RapportCore

@Suite("Instants and their text form")
struct TimestampTests {
    @Test(
        "RFC 3339 text is read and written back in UTC",
        arguments: [
            ("2026-03-28T22:30:00Z", "2026-03-28T22:30:00Z"),
            ("2026-03-28T22:30:00.25Z", "2026-03-28T22:30:00.250Z"),
            ("2026-03-28T22:30:00.0019Z", "2026-03-28T22:30:00.001Z"),
            ("2026-03-29T06:30:00+08:00", "2026-03-28T22:30:00Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("2024-02-29T00:00:00-00:30", "2024-02-29T00:30:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("9999-12-31T23:59:59+08:00", "9999-12-31T15:59:59Z"),
        ])
    func roundTrip(text: String, expected: String) throws {
        let timestamp = try #require(Timestamp(rfc3339: text))
        #expect(timestamp.rfc3339 == expected)
    }

    @Test(
        "headers have their own form",
        arguments: [
            ("2026-03-28T22:30:00Z", "Sat, 28 Mar 2026 22:30:00 "),
            ("1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 "),
            ("1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 "),
            ("0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 "),
        ])
    func headers(text: String, expected: String) throws {
        let timestamp = try #require(Timestamp(rfc3339: text))
        #expect(timestamp.headerDate(.http) == expected + "GMT")
        #expect(timestamp.headerDate(.mail) == expected + "+0000")
    }

    @Test(
        "what is no instant is refused",
        arguments: [
            "", "2026-03-28", "2026-03-28T22:30:00", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-03-28T24:00:00Z", "2026-03-28T22:30:00Zx", "2026-03-28T22:30:00.Z", "0000-01-01T00:00:00Z",
            "2026-03-28T22:30:00+0800", "9999-12-31T23:59:59-08:00", "9999-12-31T23:59:60Z",
            "0001-01-01T00:00:00+08:00", "10000-01-01T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        "what was written once is read back, also just outside the years that are taken",
        arguments: [-62_135_596_800_001, 0, 253_402_300_800_000] as [Int64])
    func coding(milliseconds: Int64) throws {
        let written = try JSONEncoder().encode([Timestamp(milliseconds: milliseconds)])
        #expect(try JSONDecoder().decode([Timestamp].self, from: written).map(\.milliseconds) == [milliseconds])
    }

    @Test("days and dates are each other's inverse over eight centuries")
    func civilDates() {
        var previous = CivilDate(daysSinceEpoch: -146_098)
        for days in -146_097...146_097 {
            let date = CivilDate(daysSinceEpoch: days)
            #expect(date.isValid && date > previous && date.daysSinceEpoch == days)
            #expect(date.weekday == previous.weekday % 7 + 1)
            previous = date
        }
        #expect(CivilDate(year: 2026, month: 11, day: 22).weekday == 7)
    }
}
