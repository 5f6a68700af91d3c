import Foundation

/// How a connection waits for a lock that another process holds: it tries again every millisecond. SQLite's own way
/// waits up to a tenth of a second between attempts and starves beside a process that commits all the time.
enum BusyWait {
    /// - Returns: a busy handler that gives up after about this long.
    static func handler(milliseconds: Int) -> @Sendable (_ attempts: Int) -> Bool {
        { attempts in
            guard attempts < milliseconds else { return false }
            pause(microseconds: 1000)
            return true
        }
    }

    /// Blocks the calling thread, which is a database queue's and never one of the cooperative pool.
    static func pause(microseconds: UInt32) {
        usleep(microseconds)
    }
}
