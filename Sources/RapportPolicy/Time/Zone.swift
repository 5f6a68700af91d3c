/// The local time of one place, past and future: stretches of time, each with one offset from UTC.
///
/// Instants are seconds since 1970-01-01T00:00:00Z; local times are the same count read off the wall clock, so that
/// `local / 86400` is a day number of `CivilDate.daysSinceEpoch`. Built by `ZoneFile`.
package final class Zone: Sendable {
    /// A span of instants with one offset; `start` is in it, `end` is not.
    package struct Stretch: Hashable, Sendable {
        /// `Int64.min` for the first.
        package var start: Int64
        /// `Int64.max` for the last.
        package var end: Int64
        /// Seconds to add to an instant to get the local time.
        package var offset: Int64

        package func contains(_ second: Int64) -> Bool { second >= start && second < end }
    }

    /// No offset is as large as this (RFC 8536, section 3.2: −25 to 26 hours).
    static let widestOffset: Int64 = 26 * 3600
    /// The Gregorian calendar, weekdays included, repeats after 400 years.
    private static let cycle: Int64 = 146_097 * 86400

    package let name: String
    /// When each offset but the first begins, ascending.
    private let transitions: [Int64]
    /// One more than `transitions`: the first holds before all of them.
    private let offsets: [Int64]
    /// Whether the last 400 years of `transitions` go on forever.
    private let repeats: Bool

    init(name: String, initial: Int64, changes: [(at: Int64, offset: Int64)], repeats: Bool) {
        var transitions: [Int64] = []
        var offsets = [initial]
        for change in changes {
            if change.at == transitions.last {
                transitions.removeLast()
                offsets.removeLast()
            }
            guard change.offset != offsets.last else { continue }
            transitions.append(change.at)
            offsets.append(change.offset)
        }
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.repeats = repeats && !transitions.isEmpty
    }

    /// The stretch that an instant is in.
    package func stretch(at second: Int64) -> Stretch {
        var shift: Int64 = 0
        if repeats, let last = transitions.last, second >= last {
            shift = ((second - last) / Zone.cycle + 1) * Zone.cycle
        }
        let index = numberOfTransitions(upTo: second - shift)
        return Stretch(
            start: index == 0 ? .min : transitions[index - 1] + shift,
            end: index == transitions.count ? .max : transitions[index] + shift, offset: offsets[index])
    }

    /// The first instant at which clocks show `local` or later: the only one for most local times, the first of two
    /// when clocks go back over it, the end of the gap when they jump over it.
    package func instant(local: Int64) -> Int64 {
        var at = local - Zone.widestOffset
        while true {
            let stretch = stretch(at: at)
            let candidate = max(at, local - stretch.offset)
            if candidate < stretch.end { return candidate }
            at = stretch.end
        }
    }

    private func numberOfTransitions(upTo second: Int64) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
