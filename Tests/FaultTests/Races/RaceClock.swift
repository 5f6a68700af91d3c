import RapportCore
import Synchronization

/// Real time from a fixed instant on, which can be moved: the hours that a cap counts go by in a moment.
final class RaceClock: Sendable {
    static let start = Timestamp(milliseconds: 1_781_503_200_000)

    private let begin = ContinuousClock.now
    private let moved = Mutex<Int64>(0)

    var now: Timestamp {
        let passed = ContinuousClock.now - begin
        let milliseconds = passed.components.seconds * 1000 + passed.components.attoseconds / 1_000_000_000_000_000
        return Self.start.adding(milliseconds: moved.withLock { $0 } + milliseconds)
    }

    func move(seconds: Int64) {
        moved.withLock { $0 += seconds * 1000 }
    }

    /// The clock of another machine: no two ever agree.
    func read(off milliseconds: Int64) -> Clock {
        { self.now.adding(milliseconds: milliseconds) }
    }
}
