import Synchronization

/// Does something once, in the moment in which a count gets far enough, on the thread that counts.
package final class CountAlarm: Sendable {
    private let set = Mutex<(count: Int, ring: @Sendable () -> Void)?>(nil)

    package init() {}

    /// Replaces what was set before.
    package func set(at count: Int, _ ring: @escaping @Sendable () -> Void) {
        set.withLock { $0 = (count, ring) }
    }

    /// Is told of every count.
    package func reached(_ count: Int) {
        let due = set.withLock { alarm -> (@Sendable () -> Void)? in
            guard let set = alarm, count >= set.count else { return nil }
            alarm = nil
            return set.ring
        }
        due?()
    }
}
