/// Decides which calls may be under way: so many at once, so many to one origin, the rest in the order they came.
struct CallQueue {
    private let limit: Int
    private let limitPerOrigin: Int
    private var running: [UInt64: String] = [:]
    private var runningTo: [String: Int] = [:]
    private var waiting: [(id: UInt64, origin: String, deadline: ContinuousClock.Instant)] = []

    init(limit: Int, limitPerOrigin: Int) {
        self.limit = limit
        self.limitPerOrigin = limitPerOrigin
    }

    /// Takes a call in; the ids that are to be started now come back.
    mutating func add(_ id: UInt64, origin: String, deadline: ContinuousClock.Instant) -> [UInt64] {
        waiting.append((id, origin, deadline))
        return start()
    }

    /// Forgets a call that has ended, or need not begin; the ids that are to be started in its place come back.
    mutating func remove(_ id: UInt64) -> [UInt64] {
        if let origin = running.removeValue(forKey: id) {
            let left = runningTo[origin, default: 1] - 1
            runningTo[origin] = left == 0 ? nil : left
            return start()
        }
        waiting.removeAll { $0.id == id }
        return []
    }

    /// Drops the calls whose time ran out while they waited.
    mutating func expire(at now: ContinuousClock.Instant) -> [UInt64] {
        let expired = waiting.filter { $0.deadline <= now }.map(\.id)
        if !expired.isEmpty { waiting.removeAll { $0.deadline <= now } }
        return expired
    }

    /// When the next waiting call runs out of time.
    var nextDeadline: ContinuousClock.Instant? { waiting.map(\.deadline).min() }

    private mutating func start() -> [UInt64] {
        var started: [UInt64] = []
        var index = 0
        while index < waiting.count, running.count < limit {
            let call = waiting[index]
            guard runningTo[call.origin, default: 0] < limitPerOrigin else {
                index += 1
                continue
            }
            waiting.remove(at: index)
            running[call.id] = call.origin
            runningTo[call.origin, default: 0] += 1
            started.append(call.id)
        }
        return started
    }
}
