import RapportLog
import Synchronization

/// What one caller's part of a transaction came to, carried from the writing thread to the caller.
final class Outcome<T: Sendable>: Sendable {
    private let value = Mutex<Result<T, StoreError>?>(nil)

    func set(_ result: Result<T, StoreError>) {
        value.withLock { $0 = result }
    }

    /// - Parameter failure: why the whole transaction failed. A failure of the caller's own part goes first.
    func result(orFailingWith failure: StoreError?, _ action: String) -> Result<T, StoreError> {
        let own = value.withLock { $0 }
        if case .failure = own, let own { return own }
        if let failure { return .failure(failure) }
        return own ?? .failure(StoreError(.closed, "\(action): the store is closed"))
    }
}
