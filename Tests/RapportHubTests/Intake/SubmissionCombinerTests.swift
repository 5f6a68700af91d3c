import Dispatch
import RapportLog
import Synchronization
import Testing

@testable import RapportHub

@Suite("Sharing a commit")
struct SubmissionCombinerTests {
    /// A store with one writer: commits begin one after the other, the first when as many callers as it is told have come.
    private actor Ledger {
        private(set) var commits: [[Int]] = []
        private let expected: Int
        private let arrived = Mutex(0)
        private var isBusy = false
        private var queue: [CheckedContinuation<Void, Never>] = []

        init(expecting callers: Int) { expected = callers }

        nonisolated func note() { arrived.withLock { $0 += 1 } }

        func commit(_ gather: @Sendable () -> [Int]) async throws(StoreError) -> [Int] {
            if isBusy { await withCheckedContinuation { queue.append($0) } }
            isBusy = true
            defer { if queue.isEmpty { isBusy = false } else { queue.removeFirst().resume() } }
            let items = gather()
            commits.append(items)
            while arrived.withLock({ $0 }) < expected { try? await Task.sleep(for: .milliseconds(1)) }
            if items.contains(13) { throw StoreError(.contract, "thirteen") }
            return items.map { $0 * 10 }
        }
    }

    private typealias Combiner = SubmissionCombiner<Int, Int>

    private func run(
        _ callers: [[[Int]]], limit: Int
    ) async -> (results: [Int: [[Int]?]], commits: [[Int]]) {
        let ledger = Ledger(expecting: callers.count)
        let groups = Combiner(limit: limit) { gather throws(StoreError) in try await ledger.commit(gather) }
        var results: [Int: [[Int]?]] = [:]
        await withTaskGroup(of: (Int, [[Int]?]).self) { group in
            for (index, parts) in callers.enumerated() {
                group.addTask {
                    ledger.note()
                    return (index, await groups.commit(parts).map { try? $0.get() })
                }
            }
            for await (index, outcomes) in group { results[index] = outcomes }
        }
        return (results, await ledger.commits)
    }

    @Test("everybody gets the outcomes of what they brought, and nothing is committed twice")
    func outcomes() async {
        let callers = (0..<50).map { [[$0 * 100, $0 * 100 + 1], [], [$0 * 100 + 2]] }
        let (results, commits) = await run(callers, limit: 64)
        for (index, parts) in callers.enumerated() {
            #expect(results[index] == parts.map { items in items.map { $0 * 10 } })
        }
        #expect(commits.joined().sorted() == callers.joined().joined().sorted())
        #expect(commits.allSatisfy { $0.count <= 64 })
        #expect(commits.count < callers.count)
    }

    @Test("what fails because of one part fails for that one alone")
    func isolation() async {
        let (results, _) = await run([[[1], [2]], [[3], [13]], [[4]], [[5]]], limit: 64)
        #expect(results == [0: [[10], [20]], 1: [[30], nil], 2: [[40]], 3: [[50]]])
    }

    @Test("who brings more than the limit commits alone")
    func large() async {
        let (results, commits) = await run([[Array(20..<40)], [[1]], [[2]]], limit: 10)
        #expect(results[0] == [Array(20..<40).map { $0 * 10 }])
        #expect(commits.contains(Array(20..<40)))
    }

    /// Runs one job after another, in the order in which they come.
    private final class OneByOne: TaskExecutor {
        private let queue = DispatchQueue(label: "one by one")

        init() { queue.suspend() }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }

        func go() { queue.resume() }
    }

    /// Has ten callers come one after the other.
    private func queue(_ commit: @escaping Combiner.Commit) async -> [Int] {
        let groups = Combiner(limit: 64, commit: commit)
        let executor = OneByOne()
        return await withTaskGroup(of: [Int].self) { group in
            for item in 1...10 {
                group.addTask(executorPreference: executor) { (try? await groups.commit([[item]])[0].get()) ?? [] }
            }
            executor.go()
            return await group.reduce(into: []) { $0 += $1 }.sorted()
        }
    }

    @Test("who comes before a commit begins shares it")
    func joining() async {
        let commits = Mutex(0)
        let taken = await queue { gather in
            commits.withLock { $0 += 1 }
            return gather()
        }
        #expect(taken == Array(1...10))
        #expect(commits.withLock { $0 } == 1)
    }

    @Test("a commit that does not begin fails for who asked for it; of those who wait one asks for another")
    func unbegun() async {
        let asked = Mutex(0)
        let taken = await queue { gather throws(StoreError) in
            let count = asked.withLock { asked in
                asked += 1
                return asked
            }
            guard count > 2 else { throw StoreError(.unavailable, "somebody else writes") }
            return gather()
        }
        #expect(taken == Array(3...10))
    }

    @Test("of many who are about, half share a commit, so that the others are heard beside it")
    func halves() async {
        let (results, commits) = await run((0..<64).map { [[$0 * 100]] }, limit: 512)
        #expect(results.count == 64)
        #expect(commits.allSatisfy { $0.count <= 32 })
        #expect(commits.count < 32)
    }

    @Test("what was committed is not committed again when its outcomes are too few")
    func fewOutcomes() async {
        let ledger = Ledger(expecting: 3)
        let groups = Combiner(limit: 8) { gather throws(StoreError) in
            let outcomes = try await ledger.commit(gather)
            return outcomes.count == 1 ? outcomes : []
        }
        await withDiscardingTaskGroup { group in
            for item in 1...3 {
                group.addTask {
                    ledger.note()
                    _ = await groups.commit([[item]])
                }
            }
        }
        #expect(await ledger.commits.joined().sorted() == [1, 2, 3])
    }
}
