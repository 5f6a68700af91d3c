import RapportCore

/// Token buckets: how many messages may still leave now under each limit. A value, so that a decision can be made on a
/// copy and charged only when it was committed.
struct RateBuckets: Sendable {
    private struct Bucket {
        var perMinute: Int
        /// Thousandths of a message that may leave now; below zero, the turns that were given.
        var level: Int64
        var filledAt: Timestamp
    }

    private var buckets: [String: Bucket] = [:]

    var count: Int { buckets.count }

    /// Nobody is told to wait longer, because those before may never come for their turn.
    private static let longestWaitSeconds: Int64 = 600

    /// Takes one message from every limit. Where some are used up it may not go: they, and no others, give it a turn behind
    /// those that asked before, so that not all who wait come back at once.
    ///
    /// - Returns: `nil` when it may go; otherwise the instant of its turn.
    mutating func take(_ limits: [(key: String, perMinute: Int)], at now: Timestamp) -> Timestamp? {
        let found = limits.map { (key: $0.key, bucket: filled($0.key, perMinute: $0.perMinute, at: now)) }
        let usedUp = found.filter { $0.bucket.level < 1000 }
        for (key, var bucket) in usedUp.isEmpty ? found : usedUp {
            bucket.level -= 1000
            buckets[key] = bucket
        }
        return usedUp.map { Self.refill($0.bucket, at: now) }.max().map {
            min($0, now.adding(seconds: Self.longestWaitSeconds))
        }
    }

    /// How many messages a limit lets leave now, and when the next one if none; takes nothing.
    func room(_ limit: (key: String, perMinute: Int), at now: Timestamp) -> (count: Int, later: Timestamp?) {
        let bucket = filled(limit.key, perMinute: limit.perMinute, at: now)
        return bucket.level < 1000 ? (0, Self.refill(bucket, at: now)) : (Int(bucket.level / 1000), nil)
    }

    /// When a limit that is used up has room for one message.
    private static func refill(_ bucket: Bucket, at now: Timestamp) -> Timestamp {
        now.adding(milliseconds: (1000 - bucket.level) * 60 / Int64(bucket.perMinute) + 1)
    }

    /// Forgets limits that are full, so that a million domains don't stay in memory.
    mutating func prune(at now: Timestamp) {
        buckets = buckets.filter { key, bucket in
            filled(key, perMinute: bucket.perMinute, at: now).level < Self.capacity(bucket.perMinute)
        }
    }

    /// Holds a second's worth, and at least one message.
    private static func capacity(_ perMinute: Int) -> Int64 {
        max(1000, Int64(perMinute) * 1000 / 60)
    }

    private func filled(_ key: String, perMinute: Int, at now: Timestamp) -> Bucket {
        let capacity = Self.capacity(perMinute)
        guard var bucket = buckets[key], bucket.perMinute == perMinute else {
            return Bucket(perMinute: perMinute, level: capacity, filledAt: now)
        }
        // A clock that was set back must not leave the limit shut until it has caught up with itself.
        if now < bucket.filledAt { bucket.filledAt = now }
        let elapsed = max(0, min(now.milliseconds - bucket.filledAt.milliseconds, 60_000))
        let gained = elapsed * Int64(perMinute) / 60
        if gained > 0 {
            bucket.level = min(capacity, bucket.level + gained)
            bucket.filledAt = now
        }
        return bucket
    }
}
