import Foundation
import RapportLog

/// Work that waits for the disk or for another process, or that takes minutes.
///
/// On Linux the global dispatch queues and Swift's tasks share their few threads, one for each core: work that blocks there
/// keeps everything else in the process from running.
enum OwnThread {
    static func run<T: Sendable>(
        _ action: String, _ body: @escaping @Sendable () throws -> T
    ) async throws(StoreError) -> T {
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(returning: Result { try body() }.mapError { StoreError($0, doing: action) })
            }
            thread.start()
        }
        return try result.get()
    }
}
