import Foundation
import Synchronization

/// Ctrl-C as a question that can be asked, for commands that leave work behind in good order.
enum CtrlC {
    private static let happened = Atomic<Bool>(false)

    /// From now on Ctrl-C is remembered and does not end the process.
    static func remember() {
        // The handler may do nothing but store; the value must exist before it is called.
        happened.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in CtrlC.happened.store(true, ordering: .relaxed) }
    }

    /// Ctrl-C ends the process again.
    static func forget() {
        signal(SIGINT, SIG_DFL)
    }

    static var hasHappened: Bool { happened.load(ordering: .relaxed) }

    /// Does work that Ctrl-C cancels. Work that is done all the same is not lost: it is returned.
    ///
    /// - Throws: `CancellationError` when it was cancelled, and whatever the work throws.
    static func cancelling<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while !hasHappened { try await Task.sleep(for: .milliseconds(100)) }
                return nil
            }
            defer { group.cancelAll() }
            if let result = try await group.next() ?? nil { return result }
            group.cancelAll()
            guard let result = try await group.next() ?? nil else { throw CancellationError() }
            return result
        }
    }

    /// Waits, but not longer than until Ctrl-C.
    static func sleep(milliseconds: Int) async throws {
        for _ in 0..<(milliseconds / 50) where !hasHappened { try await Task.sleep(for: .milliseconds(50)) }
    }
}
