import Synchronization

/// Whether a request's body has been read to its end. Shared by all copies of the request's context.
final class BodyProgress: Sendable {
    private let read = Mutex(false)

    var isRead: Bool { read.withLock { $0 } }

    func finish() { read.withLock { $0 = true } }
}
