import RapportCore
import Synchronization

/// The date that goes with every response, written once a second (RFC 9110, section 5.6.7).
final class CachedDate: Sendable {
    private let clock: RapportCore.Clock
    private let last = Mutex<(seconds: Int64, text: String)>((.min, ""))

    init(clock: @escaping RapportCore.Clock) {
        self.clock = clock
    }

    var text: String {
        let now = clock()
        return last.withLock { last in
            if last.seconds != now.seconds { last = (now.seconds, now.headerDate(.http)) }
            return last.text
        }
    }
}
