import RapportLog
import Synchronization

/// Lets callers share a commit, so that what it costs by itself (reading what is known, counting, syncing) is paid once for
/// all of them.
///
/// Whoever comes when nobody waits for a commit to begin asks for one; those who come before it begins join. Under light
/// load everybody commits alone and at once, without a timer; under full load a commit that waits for the one before it
/// gathers what comes meanwhile, and the store goes on from one to the next with nobody in between. A commit takes half of
/// those who are about, so that the others are heard and answered beside it: where it takes all of them, the next has to
/// wait until they have come again.
final class SubmissionCombiner<Item: Sendable, Outcome: Sendable>: Sendable {
    /// Commits what `gather` gives, which is called once, when the commit begins, and gives one outcome for each item.
    typealias Commit = @Sendable (_ gather: @escaping @Sendable () -> [Item]) async throws(StoreError) -> [Outcome]
    typealias Outcomes = Result<[Outcome], StoreError>

    private enum Turn: Sendable {
        case done([Outcomes])
        case ask
    }

    private struct Waiting: Sendable {
        var parts: [[Item]]
        var count: Int
        var resume: CheckedContinuation<Turn, Never>
    }

    /// Those who join one commit; `nil` until it begins.
    private final class Joined: Sendable {
        let waiting = Mutex<[Waiting]?>(nil)
    }

    private struct State {
        /// Whether somebody has asked for a commit that has not begun.
        var isAsked = false
        var waiting: [Waiting] = []
        /// How many items the last commit took.
        var taken = 0
    }

    /// So few are not divided, because a commit costs as much by itself.
    private static var indivisible: Int { 32 }

    private let limit: Int
    private let commitTogether: Commit
    private let state = Mutex(State())

    /// - Parameter limit: items in one commit; a caller who brings more has a commit to itself.
    init(limit: Int, commit: @escaping Commit) {
        self.limit = limit
        commitTogether = commit
    }

    /// - Parameter parts: each stands or falls by itself.
    /// - Returns: what became of each part, in order.
    func commit(_ parts: [[Item]]) async -> [Outcomes] {
        let count = parts.reduce(0) { $0 + $1.count }
        let turn = await withCheckedContinuation { continuation in
            let asks = state.withLock { state in
                guard state.isAsked else {
                    state.isAsked = true
                    return true
                }
                state.waiting.append(Waiting(parts: parts, count: count, resume: continuation))
                return false
            }
            if asks { continuation.resume(returning: .ask) }
        }
        return switch turn {
        case .done(let outcomes): outcomes
        case .ask: await ask(with: parts, count: count)
        }
    }

    private func ask(with own: [[Item]], count: Int) async -> [Outcomes] {
        // Behind all tasks that could run now, which at rest is nobody: what they bring shares this commit.
        await Task.yield()
        let joined = Joined()
        let outcomes: Outcomes
        do throws(StoreError) {
            outcomes = .success(
                try await commitTogether {
                    let others = self.begin(with: count)
                    joined.waiting.withLock { $0 = others }
                    // Not a key path, which a generic type looks up anew each time: a fiftieth of what an event costs.
                    return Array(own.joined()) + others.lazy.flatMap { $0.parts }.joined()
                })
        } catch {
            outcomes = .failure(error)
        }
        guard let others = joined.waiting.withLock({ $0 }) else {
            // It never began: the first of those who wait asks for another.
            passOn()
            return own.map { _ in outcomes }
        }
        var rest = await results(of: own + others.flatMap { $0.parts }, outcomes)[...]
        let ownResults = Array(rest.prefix(own.count))
        rest = rest.dropFirst(own.count)
        for other in others {
            other.resume.resume(returning: .done(Array(rest.prefix(other.parts.count))))
            rest = rest.dropFirst(other.parts.count)
        }
        return ownResults
    }

    /// Those who join a commit that begins with so many items.
    private func begin(with own: Int) -> [Waiting] {
        defer { passOn() }
        return state.withLock { state in
            let about = state.taken + own + state.waiting.reduce(0) { $0 + $1.count }
            var room = min(limit, max(Self.indivisible, about / 2)) - own
            var joined = 0
            while joined < state.waiting.count, state.waiting[joined].count <= room {
                room -= state.waiting[joined].count
                joined += 1
            }
            let those = Array(state.waiting[..<joined])
            state.waiting.removeFirst(joined)
            state.taken = those.reduce(own) { $0 + $1.count }
            return those
        }
    }

    /// The first of those who wait asks for the next commit.
    private func passOn() {
        let next = state.withLock { state -> Waiting? in
            state.isAsked = !state.waiting.isEmpty
            return state.isAsked ? state.waiting.removeFirst() : nil
        }
        next?.resume.resume(returning: .ask)
    }

    /// What fails because of what one part brought must not fail the others: then each is committed alone.
    private func results(of parts: [[Item]], _ outcomes: Outcomes) async -> [Outcomes] {
        switch outcomes {
        case .success(let outcomes):
            guard outcomes.count == parts.reduce(0, { $0 + $1.count }) else {
                // It is committed: nobody may try again.
                let fault = StoreError(.contract, "appending: one outcome for each event is needed")
                return parts.map { _ in .failure(fault) }
            }
            var start = 0
            return parts.map { part in
                defer { start += part.count }
                return .success(Array(outcomes[start..<start + part.count]))
            }
        case .failure(let error):
            guard parts.count > 1, !error.isRetryable else { return parts.map { _ in outcomes } }
            var results: [Outcomes] = []
            for part in parts {
                do throws(StoreError) {
                    results.append(.success(try await commitTogether { part }))
                } catch {
                    results.append(.failure(error))
                }
            }
            return results
        }
    }
}
