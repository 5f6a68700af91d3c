package import RapportCore

/// When a message that could not be handed over is tried again.
package struct RetrySchedule: Hashable, Sendable {
    package var firstSeconds: Int64
    package var longestSeconds: Int64
    /// Handing-overs after which it is given up.
    package var attempts: Int

    package init(firstSeconds: Int64 = 60, longestSeconds: Int64 = 4 * 3600, attempts: Int = 12) {
        self.firstSeconds = firstSeconds
        self.longestSeconds = longestSeconds
        self.attempts = attempts
    }

    /// Doubles with every attempt; the jitter keeps messages that failed together from coming back together.
    ///
    /// - Parameters:
    ///   - attempt: how many were made, this one included.
    ///   - jitter: 0 ..< 1; moves the instant by up to a quarter of the wait.
    /// - Returns: `nil` when it is given up: too many attempts, or the message would have expired by then.
    package func next(
        after attempt: Int, now: Timestamp, expiresAt: Timestamp?, notBeforeSeconds: Int? = nil, jitter: Double
    ) -> Timestamp? {
        guard attempt < attempts else { return nil }
        let doubled = min(longestSeconds, firstSeconds << Int64(min(max(attempt - 1, 0), 20)))
        let spread = Int64(Double(doubled) * 250 * jitter)
        let wait = max(doubled * 1000 + spread, Int64(notBeforeSeconds ?? 0) * 1000)
        let next = now.adding(milliseconds: wait)
        if let expiresAt, next >= expiresAt { return nil }
        return next
    }
}
