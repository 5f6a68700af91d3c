import Foundation
import Testing

@testable import RapportSQLite

@Suite("Waiting for a lock")
struct BusyWaitTests {
    @Test("ends after its time, also when there was time for few attempts only, and begins anew with each lock")
    func time() async throws {
        // On one thread, as a connection's.
        try await OwnThread.run("waiting") {
            let handler = BusyWait.handler(milliseconds: 50)
            for _ in 0..<2 {
                #expect(handler(0))
                BusyWait.pause(microseconds: 60_000)
                #expect(!handler(1))
            }
            #expect(handler(0))
        }
    }

    @Test("of one connection is not made longer by another's that began later")
    func threads() async throws {
        let handler = BusyWait.handler(milliseconds: 50)
        try await OwnThread.run("waiting") {
            #expect(handler(0))
            BusyWait.pause(microseconds: 60_000)
            let begun = DispatchSemaphore(value: 0)
            Thread {
                #expect(handler(0))
                begun.signal()
            }.start()
            begun.wait()
            #expect(!handler(1))
        }
    }
}
