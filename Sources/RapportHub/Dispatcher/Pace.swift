import RapportCore

/// How fast an adapter has been lately, counted in slices of a tenth of a second.
struct Pace: Sendable {
    private static let slice: Int64 = 100

    private var began: Timestamp?
    private var now = 0
    private var before = 0

    mutating func count(_ landed: Int, at time: Timestamp) {
        turn(to: time)
        now += landed
    }

    /// How many have landed in this slice and the one before it: about as many as will in the next fifth of a second.
    func recent(at time: Timestamp) -> Int {
        var pace = self
        pace.turn(to: time)
        return pace.now + pace.before
    }

    /// A clock that was set back begins anew.
    private mutating func turn(to time: Timestamp) {
        let elapsed = began.map { time.milliseconds - $0.milliseconds } ?? -1
        guard elapsed < 0 || elapsed >= Self.slice else { return }
        before = elapsed >= 0 && elapsed < 2 * Self.slice ? now : 0
        now = 0
        began = time
    }
}
