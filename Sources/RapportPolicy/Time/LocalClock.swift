import RapportCore

/// A zone with the stretch around one moment at hand, because nearly everything a rule asks lies in it.
struct LocalClock: Sendable {
    let zone: Zone
    /// The zone's stretch at the moment that is judged.
    private let nearby: Zone.Stretch

    init(_ zone: Zone, around now: Timestamp) {
        self.zone = zone
        nearby = zone.stretch(at: now.seconds)
    }

    /// What the wall clock shows at an instant.
    func local(_ second: Int64) -> Int64 {
        second + stretch(at: second).offset
    }

    /// The number of the local date at an instant, as `CivilDate.daysSinceEpoch` counts.
    func day(_ second: Int64) -> Int64 {
        LocalClock.day(ofLocal: local(second))
    }

    static func day(ofLocal local: Int64) -> Int64 {
        local >= 0 ? local / 86400 : (local - 86399) / 86400
    }

    /// As `Zone.instant(local:)`. Where no clock change is within two of the widest offsets, it is a subtraction.
    func instant(local: Int64) -> Int64 {
        let guess = local - nearby.offset
        if guess < nearby.end, nearby.start == .min || guess - 2 * Zone.widestOffset >= nearby.start { return guess }
        return zone.instant(local: local)
    }

    /// The first instant from `second` on at which the local time is outside `span`; `span` holds it at `second`.
    ///
    /// When clocks go back over midnight that may be into the day before.
    func firstInstant(outside span: Range<Int64>, from second: Int64) -> Int64 {
        var at = second
        while true {
            let stretch = stretch(at: at)
            guard span.contains(at + stretch.offset) else { return at }
            let exit = span.upperBound - stretch.offset
            if exit < stretch.end { return exit }
            at = stretch.end
        }
    }

    private func stretch(at second: Int64) -> Zone.Stretch {
        nearby.contains(second) ? nearby : zone.stretch(at: second)
    }
}
