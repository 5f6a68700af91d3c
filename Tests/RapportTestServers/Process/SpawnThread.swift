import Foundation
import Synchronization

/// The one thread that starts child processes.
///
/// Children ask the kernel for a signal when their parent dies (`PR_SET_PDEATHSIG`), and the kernel takes the *thread* that
/// started them for the parent. Threads of a pool come and go; this one lives as long as the tests do.
final class SpawnThread: Sendable {
    static let shared = SpawnThread()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let waiting = DispatchSemaphore(value: 0)

    private init() {
        let thread = Thread { [self] in
            while true {
                waiting.wait()
                jobs.withLock { $0.removeFirst() }()
            }
        }
        thread.name = "test-servers"
        thread.start()
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(returning: Result { try body() }) } }
            waiting.signal()
        }
        return try result.get()
    }
}
