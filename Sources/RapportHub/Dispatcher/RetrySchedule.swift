package import RapportCore

/// When a message that could not be handed over is tried again.
package struct RetrySchedule: Hashable, Sendable {
    package var firstSeconds: Int64
    package var longestSeconds: Int64
    /// Handing-overs after which a message without an end of its own is given up.
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
    ///   - notBeforeSeconds: what the other side asked for.
    ///   - jitter: 0 ..< 1; moves the instant by up to a quarter of the wait, whoever said how long it is: all who were
    ///     told the same would come back together otherwise.
    /// - Returns: `nil` when it is given up: the message would have expired by then, or, when it never does, too many
    ///   attempts were made.
    package func next(
        after attempt: Int, now: Timestamp, expiresAt: Timestamp?, notBeforeSeconds: Int? = nil, jitter: Double
    ) -> Timestamp? {
        guard attempt < attempts || expiresAt != nil else { return nil }
        let doubled = min(longestSeconds, firstSeconds << Int64(min(max(attempt - 1, 0), 20)))
        let seconds = max(doubled, Int64(notBeforeSeconds ?? 0))
        let next = now.adding(milliseconds: seconds * 1000 + Int64(Double(seconds) * 250 * jitter))
        if let expiresAt, next >= expiresAt { return nil }
        return next
    }
}
