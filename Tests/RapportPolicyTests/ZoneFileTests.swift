import RapportCore
import Testing

@testable import RapportPolicy

@Suite("Compiled time zones")
struct ZoneFileTests {
    /// Writes a file of version 1 or 2 with the given data.
    struct Draft {
        var version: UInt8 = UInt8(ascii: "2")
        var transitions: [(at: Int64, type: UInt8)] = []
        var offsets: [Int32] = [3600]
        var leaps: UInt32 = 0
        var footer = ""

        var bytes: [UInt8] {
            guard version != 0 else { return block(4) }
            return header(times: 0, types: 1, leaps: 0) + [0, 0, 0, 0, 0, 0] + [0] + block(8)
                + Array("\n\(footer)\n".utf8)
        }

        private func block(_ size: Int) -> [UInt8] {
            var bytes = header(times: transitions.count, types: offsets.count, leaps: leaps)
            for transition in transitions { bytes += ZoneFileTests.big(transition.at).suffix(size) }
            bytes += transitions.map(\.type)
            for offset in offsets { bytes += ZoneFileTests.big(Int64(offset)).suffix(4) + [0, 0] }
            bytes.append(0)
            return bytes + Array(repeating: 0, count: Int(leaps) * (size + 4))
        }

        private func header(times: Int, types: Int, leaps: UInt32) -> [UInt8] {
            let counts = [0, 0, Int64(leaps), Int64(times), Int64(types), 1]
            return Array("TZif".utf8) + [version] + Array(repeating: 0, count: 15)
                + counts.flatMap { ZoneFileTests.big($0).suffix(4) }
        }
    }

    static func big(_ value: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * Int64($0))) }
    }

    private func zone(_ draft: Draft) throws -> Zone { try ZoneFile.zone(named: "Test/Zone", bytes: draft.bytes) }

    private func offset(_ zone: Zone, _ text: String) -> Int64 {
        zone.stretch(at: Samples.instant(text).seconds).offset
    }

    @Test("before the first transition the first type holds, after the last one its own")
    func plain() throws {
        let zone = try zone(Draft(transitions: [(0, 1), (1000, 0)], offsets: [3600, 7200]))
        #expect(zone.stretch(at: -1) == Zone.Stretch(start: .min, end: 0, offset: 3600))
        #expect(zone.stretch(at: 0) == Zone.Stretch(start: 0, end: 1000, offset: 7200))
        #expect(zone.stretch(at: 1000) == Zone.Stretch(start: 1000, end: .max, offset: 3600))
    }

    @Test("version 1 has 32-bit times and no rule")
    func version1() throws {
        let zone = try zone(Draft(version: 0, transitions: [(-100, 1)], offsets: [0, -3600]))
        #expect(zone.stretch(at: -101).offset == 0)
        #expect(zone.stretch(at: -100).offset == -3600)
    }

    @Test("a rule takes over after the last transition, and goes on for thousands of years")
    func footer() throws {
        let last = Samples.instant("2026-10-25T01:00:00Z").seconds
        let zone = try zone(
            Draft(transitions: [(last, 0)], offsets: [3600], footer: "CET-1CEST,M3.5.0,M10.5.0/3"))
        #expect(offset(zone, "2026-12-01T00:00:00Z") == 3600)
        for year in ["2027-03-28", "2032-03-28", "2427-03-28", "2827-03-28", "9999-03-28"] {
            #expect(offset(zone, "\(year)T00:59:59Z") == 3600)
            #expect(offset(zone, "\(year)T01:00:00Z") == 7200)
        }
        let stretch = zone.stretch(at: Samples.instant("2827-07-01T00:00:00Z").seconds)
        #expect(Timestamp(seconds: stretch.start).rfc3339 == "2827-03-28T01:00:00Z")
        #expect(Timestamp(seconds: stretch.end).rfc3339 == "2827-10-31T01:00:00Z")
    }

    @Test("without transitions the rule holds for all time")
    func onlyFooter() throws {
        let zone = try zone(Draft(offsets: [0], footer: "EST5EDT,M3.2.0,M11.1.0"))
        #expect(offset(zone, "1950-07-01T00:00:00Z") == -14400)
        #expect(offset(zone, "2026-01-01T00:00:00Z") == -18000)
        #expect(try offset(self.zone(Draft(offsets: [0], footer: "<+0530>-5:30")), "2026-01-01T00:00:00Z") == 19800)
    }

    @Test(
        "every form of rule is understood",
        arguments: [
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2030-07-01T00:00:00Z", 3600),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2030-12-01T00:00:00Z", 0),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2030-01-01T00:00:00Z", 39600),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T00:59:59Z", -7200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T01:00:00Z", -3600),
            ("AAA0BBB,J60/0,J300/0", "2032-02-29T23:59:59Z", 0),
            ("AAA0BBB,J60/0,J300/0", "2032-03-01T00:00:00Z", 3600),
            ("AAA0BBB,59/0,300/0", "2032-02-28T23:59:59Z", 0),
            ("AAA0BBB,59/0,300/0", "2032-02-29T00:00:00Z", 3600),
            ("AAA0BBB-0:30:15,M1.1.1/167,M2.1.1", "2030-01-14T00:00:00Z", 1815),
            // Daylight saving time all the year round, as RFC 8536 writes it.
            ("XXX3EDT4,0/0,J365/23", "2030-01-01T03:00:00Z", -14400),
            ("XXX3EDT4,0/0,J365/23", "2032-12-31T23:59:59Z", -14400),
            ("EST5EDT,0/0,J365/25", "2031-01-01T05:00:00Z", -14400),
            ("EST5EDT,0/0,J365/25", "2031-01-01T04:59:59Z", -14400),
        ])
    func rules(footer: String, now: String, expected: Int64) throws {
        #expect(try offset(zone(Draft(offsets: [0], footer: footer)), now) == expected)
    }

    @Test(
        "what is no rule refuses the file",
        arguments: [
            "E5", "EST", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J5", "EST5EDT,366,5", "EST5EDT,M3.2.0/168,M11.1.0",
            "EST5EDT,M3.2.0,M11.1.0x",
            "<EST5", "EST5:60", "EST5:1:60", "EST5555",
        ])
    func badRules(footer: String) {
        #expect(throws: ZoneFile.Failure.footer) { try zone(Draft(footer: footer)) }
    }

    @Test("files that count leap seconds, name types they lack, go backwards or end early are refused")
    func damaged() throws {
        #expect(throws: ZoneFile.Failure.leapSeconds) { try zone(Draft(leaps: 1)) }
        #expect(throws: ZoneFile.Failure.malformed) { try zone(Draft(transitions: [(0, 1)])) }
        #expect(throws: ZoneFile.Failure.malformed) { try zone(Draft(transitions: [(5, 0), (5, 0)])) }
        #expect(throws: ZoneFile.Failure.malformed) { try zone(Draft(offsets: [26 * 3600])) }
        #expect(throws: ZoneFile.Failure.malformed) { try zone(Draft(offsets: [.min])) }
        #expect(throws: ZoneFile.Failure.malformed) { try zone(Draft(offsets: [])) }
        #expect(throws: ZoneFile.Failure.notTZif) {
            try ZoneFile.zone(named: "x", bytes: Array("# tzdb links and so on, long enough to be a header".utf8))
        }
        let whole = Draft(transitions: [(0, 0)], footer: "EST5").bytes
        for length in 0..<whole.count {
            #expect(throws: ZoneFile.Failure.self) { try ZoneFile.zone(named: "x", bytes: Array(whole.prefix(length))) }
        }
    }

    @Test("no damage to a file's bytes does more than refuse it or change its times")
    func fuzz() {
        let whole = Draft(transitions: [(0, 1), (1000, 0)], offsets: [3600, 0], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
            .bytes
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let zone = try? ZoneFile.zone(named: "x", bytes: bytes) else { continue }
            let local = ZoneTests.local("2026-06-15T12:00:00")
            #expect(abs(zone.instant(local: local) - local) <= 2 * Zone.widestOffset)
        }
    }
}
