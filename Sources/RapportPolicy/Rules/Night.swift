import RapportCore

/// The quiet part of every local date: from one time of day to another, on the next date when that one is earlier.
///
/// For each date D, also one that a zone left out, it is the instants from `instant(D, from)` to just before
/// `instant(E, to)`, where E is D or D + 1; see `Zone.instant(local:)`.
struct Night: Hashable, Sendable {
    /// In seconds after midnight.
    private let from: Int64
    /// In seconds after midnight of the same date; more than a day when it is on the next.
    private let to: Int64

    /// Equal times are no night at all; times outside a day are brought to its edge.
    init(_ hours: QuietHours) {
        from = Int64(min(max(hours.from, 0), 1439)) * 60
        let end = Int64(min(max(hours.to, 0), 1439)) * 60
        to = end < from ? end + 86400 : end
    }

    /// When the night that an instant is in ends; `nil` when it is in none.
    ///
    /// Where two nights of one rule overlap, because a clock change made them longer, the later end.
    func end(at second: Int64, _ clock: LocalClock) -> Int64? {
        let today = clock.day(second)
        var end: Int64?
        // Tomorrow's may have begun when clocks went back over midnight.
        for day in (today - 1)...(today + 1) {
            guard clock.instant(local: day * 86400 + from) <= second else { continue }
            let stop = clock.instant(local: day * 86400 + to)
            if stop > second { end = max(end ?? stop, stop) }
        }
        return end
    }
}
