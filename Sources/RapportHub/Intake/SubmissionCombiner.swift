import RapportLog
import Synchronization

/// Lets callers who come while a commit is under way share the next one, so that what a commit costs by itself (reading
/// what is known, counting, syncing) is paid once for all of them.
///
/// Whoever finds nobody at work does the work for all who wait; what has come in the meantime is left to the first of
/// those. There is no timer and no task of its own: under light load everybody commits alone and at once. Under full load
/// whoever does the work lets those go first who are about to come, and a commit takes half of those who are about, so
/// that the others are heard and answered beside it: where it takes all of them, the next has to wait until they have
/// come again.
final class SubmissionCombiner<Item: Sendable, Outcome: Sendable>: Sendable {
    /// Commits items together and gives one outcome for each.
    typealias Commit = @Sendable ([Item]) async throws(StoreError) -> [Outcome]

    private enum Turn: Sendable {
        case done(Result<[Outcome], StoreError>)
        case lead
    }

    private struct Waiting: Sendable {
        var items: [Item]
        var resume: CheckedContinuation<Turn, Never>
    }

    private struct State {
        var isBusy = false
        var waiting: [Waiting] = []
        /// How many items the last commit took, and how many had come when it was over.
        var about = 0
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

    func commit(_ items: [Item]) async throws(StoreError) -> [Outcome] {
        let turn = await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                guard state.isBusy else {
                    state.isBusy = true
                    return true
                }
                state.waiting.append(Waiting(items: items, resume: continuation))
                return false
            }
            if leads { continuation.resume(returning: .lead) }
        }
        switch turn {
        case .done(let result): return try result.get()
        case .lead: return try await lead(items)
        }
    }

    private func lead(_ own: [Item]) async throws(StoreError) -> [Outcome] {
        // Behind all tasks that could run now, which at rest is nobody: what they bring shares this commit.
        await Task.yield()
        let others = followers(of: own.count)
        let parts = [own] + others.map(\.items)
        let results = await results(parts)
        // First of all, so that the next commit does not wait until these have gone their ways.
        passOn(after: parts.reduce(0) { $0 + $1.count })
        for (other, result) in zip(others, results.dropFirst()) { other.resume.resume(returning: .done(result)) }
        return try results[0].get()
    }

    /// Those who share the commit of a caller who brings so many items.
    private func followers(of own: Int) -> [Waiting] {
        state.withLock { state in
            var room = min(limit, max(Self.indivisible, state.about / 2)) - own
            var count = 0
            while count < state.waiting.count, state.waiting[count].items.count <= room {
                room -= state.waiting[count].items.count
                count += 1
            }
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting[..<count])
        }
    }

    /// The first of those who wait leads now; nobody is at work when none does.
    private func passOn(after committed: Int) {
        let next = state.withLock { state -> Waiting? in
            state.about = committed + state.waiting.reduce(0) { $0 + $1.items.count }
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume.resume(returning: .lead)
    }

    /// What fails because of what one caller brought must not fail the others: then each commits alone.
    private func results(_ parts: [[Item]]) async -> [Result<[Outcome], StoreError>] {
        do throws(StoreError) {
            let outcomes = try await commitTogether(Array(parts.joined()))
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
        } catch {
            guard parts.count > 1, !error.isRetryable else { return parts.map { _ in .failure(error) } }
            var results: [Result<[Outcome], StoreError>] = []
            for part in parts {
                do throws(StoreError) {
                    results.append(.success(try await commitTogether(part)))
                } catch {
                    results.append(.failure(error))
                }
            }
            return results
        }
    }
}
