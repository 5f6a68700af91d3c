/// When a hub is ended, as the seed says.
enum Moment {
    /// When so much more has come through, and a little later.
    case after(share: Double, pause: Duration)
    /// As soon as so much more has come through: a mail that is not answered yet, or an answer to what was asked.
    case inside(share: Double)
    /// So long after it was started, or when the first mail of this life comes: it may be settling what its predecessor
    /// left.
    case whileStarting(Duration)

    /// - Parameters:
    ///   - amid: how many in the middle of the work.
    ///   - starting: how many more soon after a start.
    static func draw(amid: Int, starting: Int, from generator: inout SeededGenerator) -> [Moment] {
        var kinds = Array(repeating: true, count: amid - 1) + Array(repeating: false, count: starting)
        kinds.shuffle(using: &generator)
        // The first is always amid the work, so that the others find something left.
        kinds.insert(true, at: 0)
        var left = amid
        return kinds.map { isAmid in
            guard isAmid else { return .whileStarting(.milliseconds(Int.random(in: 0...800, using: &generator))) }
            // Of what is left, so much that something is left for each of those that follow.
            let share = Double.random(in: 0...1.2, using: &generator) / Double(left + 1)
            left -= 1
            if Bool.random(using: &generator) { return .inside(share: share) }
            return .after(share: share, pause: .milliseconds(Int.random(in: 0...20, using: &generator)))
        }
    }
}
