import Synchronization
import Testing

@testable import RapportEmail

@Suite("A gate for bytes", .timeLimit(.minutes(1)))
struct ByteGateTests {
    @Test("shuts nobody out for good, whatever comes of those before")
    func gate() async {
        let gate = ByteGate(limit: 10)
        let visits = Mutex(0)
        let visit: @Sendable (Int) async -> Void = { bytes in
            await gate.room()
            gate.enter(bytes)
            visits.withLock { $0 += 1 }
            await Task.yield()
            if bytes > 0 { gate.leave(bytes) }
        }
        await withDiscardingTaskGroup { group in
            for number in 0..<1000 { group.addTask { await visit(number.isMultiple(of: 7) ? 0 : 4) } }
        }
        #expect(visits.withLock { $0 } == 1000)
    }
}
