import Foundation
import GRDB
import Synchronization

/// How a connection waits for a lock that another process holds: it tries again every millisecond. SQLite's own way
/// waits up to a tenth of a second between attempts and starves beside a process that commits all the time.
enum BusyWait {
    /// - Returns: a busy handler that gives up after so long, however many attempts a busy machine has let it make.
    static func handler(milliseconds: Int) -> @Sendable (_ attempts: Int) -> Bool {
        let limit = Duration.milliseconds(milliseconds)
        // A connection waits on the thread that it works on, and is asked for the first time before any attempt.
        let begun = Mutex<[pthread_t: ContinuousClock.Instant]>([:])
        return { attempts in
            let (thread, now) = (pthread_self(), ContinuousClock.now)
            let goesOn = begun.withLock { begun in
                let start = attempts == 0 ? now : begun[thread] ?? now
                begun[thread] = now - start < limit ? start : nil
                return begun[thread] != nil
            }
            if goesOn { pause(microseconds: 1000) }
            return goesOn
        }
    }

    /// Repeats what finds a lock where SQLite does not ask the handler, because whoever waits holds one himself that the
    /// other may need. That is so where a new file gets its write-ahead log: it is read before it is written.
    static func repeating<T>(milliseconds: Int, _ body: () throws -> T) throws -> T {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            do {
                return try body()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end {
                pause(microseconds: 1000)
            }
        }
    }

    /// Blocks the calling thread, which is a database queue's and never one of the cooperative pool.
    static func pause(microseconds: UInt32) {
        usleep(microseconds)
    }
}
