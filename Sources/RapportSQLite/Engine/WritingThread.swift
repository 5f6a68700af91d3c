import Dispatch
import Foundation

/// The thread of the writing connection: it sleeps until there is something to write.
///
/// A queue's thread is another one each time, whichever libdispatch wakes first. It lets all others in the process go
/// first: whoever reads waits for nobody, and the events that come meanwhile share the next commit.
final class WritingThread: Sendable {
    private let wakes = DispatchSemaphore(value: 0)

    /// - Parameter write: called each time that it is woken, once for each time; the thread ends when that gives false.
    func start(_ write: @escaping @Sendable () -> Bool) {
        let thread = Thread { [wakes] in
            Thread.current.name = "store-writing"
            // Of this thread alone, as Linux has it (setpriority(2), NOTES); to step back is never refused.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 2)
            repeat { wakes.wait() } while write()
        }
        thread.start()
    }

    func wake() { wakes.signal() }
}
