/// An instant on the UTC time line, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Leap seconds are not counted (POSIX time). Years 1 to 9999 have a text form; see `Timestamp+RFC3339.swift`.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch; negative before 1970.
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(seconds: Int64) {
        self.milliseconds = seconds * 1000
    }

    /// Whole seconds since the epoch, rounded towards the past.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.milliseconds < rhs.milliseconds
    }

    // Written out, because what `Comparable` makes of `<` is called through a table, and the policy compares a lot.
    package static func <= (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds <= rhs.milliseconds }
    package static func > (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds > rhs.milliseconds }
    package static func >= (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds >= rhs.milliseconds }

    package func adding(seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + seconds * 1000)
    }

    package func adding(milliseconds more: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + more)
    }
}

/// Reads the present moment. Decisions take a `Timestamp`; only services hold a `Clock`.
package typealias Clock = @Sendable () -> Timestamp
