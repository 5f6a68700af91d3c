import NIOCore
package import RapportChannels

/// Who sends what over which connection, as a value: events and the time go in, actions come out.
///
/// Messages wait in one line and are fetched by connections that have room; a message that came earlier never leaves
/// later, save for those that a connection gave back, which go first. Times are milliseconds of any steady clock.
package struct SMTPPoolState<Job: Sendable>: Sendable {
    package enum Action: Sendable {
        case connect(Int)
        /// This idle connection should fetch.
        case wake(Int)
        /// This connection should say QUIT when it is done.
        case drain(Int)
        case fail(Job, SendError)
        /// Closing, and the last connection is gone.
        case closed
    }

    private enum Connection: Hashable {
        case connecting
        case busy
        case idle(since: Int64)
    }

    private struct Waiting {
        var job: Job
        var until: Int64
    }

    private let limits: SMTPPoolLimits
    private var waiting = CircularBuffer<Waiting>()
    private var connections: [Int: Connection] = [:]
    /// The one used last is used next, so that those too many fall idle.
    private var idle: [Int] = []
    private var connecting = 0
    private var lastConnection = 0
    private var failures = 0
    private var pauseUntil: Int64 = 0
    private var isWithdrawing = false
    private var isClosing = false

    package init(_ limits: SMTPPoolLimits) {
        self.limits = limits
    }

    package var waitingCount: Int { waiting.count }

    /// When `tick` has something to do next; `nil` when only events bring it forward.
    package var nextTick: Int64? {
        var next = Int64.max
        if let first = waiting.first {
            next = first.until
            if failures > 0, connecting == 0, connections.count < limits.connections { next = min(next, pauseUntil) }
        }
        if let longest = idle.first, case .idle(let since) = connections[longest] {
            next = min(next, since + limits.idleTime)
        }
        return next == .max ? nil : next
    }

    package mutating func enqueue(_ job: Job, now: Int64) -> [Action] {
        guard !isWithdrawing else { return [.fail(job, SendError(.withdrawn))] }
        guard !isClosing else { return [.fail(job, SendError(.connection, status: "closing"))] }
        guard waiting.count < limits.queue else { return [.fail(job, SendError(.throttled, status: "queue is full"))] }
        waiting.append(Waiting(job: job, until: now + limits.queueTime))
        return dispatch(now: now)
    }

    /// Puts a message back at the head of the line.
    package mutating func giveBack(_ job: Job, now: Int64) -> [Action] {
        guard !isWithdrawing else { return [.fail(job, SendError(.withdrawn))] }
        guard !isClosing else { return [.fail(job, SendError(.connection, status: "closing"))] }
        waiting.prepend(Waiting(job: job, until: now + limits.queueTime))
        return dispatch(now: now)
    }

    /// The next message for a connection; without one, a connection that has nothing else to do falls idle.
    package mutating func next(for id: Int, isIdle: Bool, wasUseful: Bool, now: Int64) -> Job? {
        guard let connection = connections[id] else { return nil }
        if wasUseful { failures = 0 }
        if let first = waiting.popFirst() {
            leaveIdle(id)
            connections[id] = .busy
            return first.job
        }
        if isIdle, connection == .busy, !isClosing {
            connections[id] = .idle(since: now)
            idle.append(id)
        }
        return nil
    }

    /// The connection can take messages now; it fetches its first by itself.
    package mutating func ready(_ id: Int) {
        guard connections[id] == .connecting else { return }
        connecting -= 1
        connections[id] = .busy
    }

    /// - Parameters:
    ///   - error: why it never became ready, when it did not.
    ///   - wasUseful: whether it carried a message; if not, the next attempt waits.
    package mutating func ended(_ id: Int, error: SendError?, wasUseful: Bool, now: Int64) -> [Action] {
        guard let connection = connections.removeValue(forKey: id) else { return [] }
        leaveIdle(id)
        var actions: [Action] = []
        if connection == .connecting { connecting -= 1 }
        if !wasUseful {
            let pause = min(limits.longestPause, limits.firstPause << Int64(min(failures, 20)))
            failures += 1
            pauseUntil = now + pause
            // Everyone who waits has now seen an attempt fail, unless another connection still works.
            if connection == .connecting, connections.values.allSatisfy({ $0 == .connecting }) {
                var error = error ?? SendError(.connection)
                error.retryAfterSeconds = Int((pause + 999) / 1000)
                actions += waiting.map { .fail($0.job, error) }
                waiting.removeAll()
            }
        }
        if isClosing { return connections.isEmpty ? actions + [.closed] : actions }
        return actions + dispatch(now: now)
    }

    /// Takes a message out of the line.
    package mutating func withdraw(where matches: (Job) -> Bool) -> Job? {
        guard let index = waiting.firstIndex(where: { matches($0.job) }) else { return nil }
        return waiting.remove(at: index).job
    }

    /// Takes the whole line back, and what would still come into it; what connections have fetched is theirs.
    package mutating func withdraw() -> [Action] {
        isWithdrawing = true
        defer { waiting.removeAll() }
        return waiting.map { .fail($0.job, SendError(.withdrawn)) }
    }

    package mutating func tick(now: Int64) -> [Action] {
        var actions: [Action] = []
        while let first = waiting.first, first.until <= now {
            waiting.removeFirst()
            actions.append(.fail(first.job, SendError(.timeout)))
        }
        while let longest = idle.first, case .idle(let since) = connections[longest], since + limits.idleTime <= now {
            idle.removeFirst()
            connections[longest] = .busy
            actions.append(.drain(longest))
        }
        return actions + dispatch(now: now)
    }

    /// Fails what waits, lets finish what is in flight.
    package mutating func close() -> [Action] {
        guard !isClosing else { return [] }
        isClosing = true
        var actions: [Action] = waiting.map { .fail($0.job, SendError(.connection, status: "closing")) }
        waiting.removeAll()
        idle = []
        actions += connections.keys.sorted().map { .drain($0) }
        for id in connections.keys where connections[id] != .connecting { connections[id] = .busy }
        return connections.isEmpty ? actions + [.closed] : actions
    }

    /// Wakes idle connections first, then opens new ones, at most one for each message that waits.
    private mutating func dispatch(now: Int64) -> [Action] {
        guard !isClosing else { return [] }
        var actions: [Action] = []
        var woken = 0
        while woken < waiting.count, let id = idle.popLast() {
            connections[id] = .busy
            woken += 1
            actions.append(.wake(id))
        }
        while connections.count < limits.connections, connecting < waiting.count - woken,
            failures == 0 || (connecting == 0 && now >= pauseUntil)
        {
            lastConnection += 1
            connecting += 1
            connections[lastConnection] = .connecting
            actions.append(.connect(lastConnection))
        }
        return actions
    }

    private mutating func leaveIdle(_ id: Int) {
        idle.removeAll { $0 == id }
    }
}
