import Foundation
import RapportLog
import Testing

@testable import RapportSQLite

@Suite("Work that blocks")
struct OwnThreadTests {
    /// Eight that waited on the global queue of a machine with two cores kept every task from running for seven seconds.
    @Test("is on a thread that nobody else waits for")
    func thread() async throws {
        var threads: Set<String> = []
        for _ in 0..<20 {
            threads.insert(
                try await OwnThread.run("waiting") {
                    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
                })
        }
        #expect(threads.count == 20)
    }

    @Test("ends with its value, or with what went wrong")
    func result() async throws {
        #expect(try await OwnThread.run("counting") { 1 } == 1)
        let error = await #expect(throws: StoreError.self) {
            try await OwnThread.run("counting") { throw StoreError(.busy, "counting") }
        }
        #expect(error?.code == .busy)
    }
}
