import Dispatch
import RapportLog
import Synchronization
import Testing

@testable import RapportHub

@Suite("Sharing a commit")
struct SubmissionCombinerTests {
    /// Notes what is committed together, and holds the first commit until as many others wait as it is told.
    private final class Ledger: Sendable {
        let commits = Mutex<[[Int]]>([])
        let arrived = Mutex(0)

        func commit(_ items: [Int], holdingFor others: Int) async throws(StoreError) -> [Int] {
            let isFirst = commits.withLock { commits in
                commits.append(items)
                return commits.count == 1
            }
            while isFirst, arrived.withLock({ $0 }) <= others { try? await Task.sleep(for: .milliseconds(1)) }
            if items.contains(13) { throw StoreError(.contract, "thirteen") }
            return items.map { $0 * 10 }
        }
    }

    private func run(_ callers: [[Int]], limit: Int) async -> (results: [Int: [Int]?], commits: [[Int]]) {
        let ledger = Ledger()
        let groups = SubmissionCombiner<Int, Int>(limit: limit) { items throws(StoreError) in
            try await ledger.commit(items, holdingFor: callers.count - 1)
        }
        var results: [Int: [Int]?] = [:]
        await withTaskGroup(of: (Int, [Int]?).self) { group in
            for (index, items) in callers.enumerated() {
                group.addTask {
                    ledger.arrived.withLock { $0 += 1 }
                    return (index, try? await groups.commit(items))
                }
            }
            for await (index, outcomes) in group { results[index] = outcomes }
        }
        return (results, ledger.commits.withLock { $0 })
    }

    @Test("everybody gets the outcomes of what they brought, and nothing is committed twice")
    func outcomes() async {
        let callers = (0..<50).map { [$0 * 100, $0 * 100 + 1] }
        let (results, commits) = await run(callers, limit: 64)
        for (index, items) in callers.enumerated() { #expect(results[index] == items.map { $0 * 10 }) }
        #expect(commits.joined().sorted() == callers.joined().sorted())
        #expect(commits.allSatisfy { $0.count <= 64 })
        #expect(commits.count < callers.count)
    }

    @Test("what fails because of one caller fails for that one alone")
    func isolation() async {
        let (results, _) = await run([[1], [2], [13], [4], [5]], limit: 64)
        #expect(results[2] == .some(nil))
        for (index, value) in [0: 10, 1: 20, 3: 40, 4: 50] { #expect(results[index] == [value]) }
    }

    @Test("who brings more than the limit commits alone")
    func large() async {
        let (results, commits) = await run([Array(20..<40), [1], [2]], limit: 10)
        #expect(results[0] == Array(20..<40).map { $0 * 10 })
        #expect(commits.contains(Array(20..<40)))
    }

    /// Runs one job after another, in the order in which they come.
    private final class OneByOne: TaskExecutor {
        private let queue = DispatchQueue(label: "one by one")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }

        func hold() { queue.suspend() }
        func go() { queue.resume() }
    }

    @Test("who could come now shares the first commit")
    func ready() async {
        let ledger = Ledger()
        let groups = SubmissionCombiner<Int, Int>(limit: 64) { items throws(StoreError) in
            try await ledger.commit(items, holdingFor: -1)
        }
        let executor = OneByOne()
        executor.hold()
        await withDiscardingTaskGroup { group in
            for item in 1...10 {
                group.addTask(executorPreference: executor) { _ = try? await groups.commit([item]) }
            }
            executor.go()
        }
        #expect(ledger.commits.withLock { $0 } == [Array(1...10)])
    }

    @Test("of many who are about, half share a commit, so that the others are heard beside it")
    func halves() async {
        let (results, commits) = await run((0..<64).map { [$0 * 100] }, limit: 512)
        #expect(results.count == 64)
        #expect(commits.allSatisfy { $0.count <= 32 })
        #expect(commits.count < 32)
    }

    @Test("what was committed is not committed again when its outcomes are too few")
    func fewOutcomes() async {
        let ledger = Ledger()
        let groups = SubmissionCombiner<Int, Int>(limit: 8) { items throws(StoreError) in
            let outcomes = try await ledger.commit(items, holdingFor: 2)
            return items.count == 1 ? outcomes : []
        }
        await withDiscardingTaskGroup { group in
            for item in 1...3 {
                group.addTask {
                    ledger.arrived.withLock { $0 += 1 }
                    _ = try? await groups.commit([item])
                }
            }
        }
        #expect(ledger.commits.withLock { $0.joined().sorted() } == [1, 2, 3])
    }
}
