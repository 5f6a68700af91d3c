import GRDB
import Synchronization

/// SQLite's `data_version`, on a connection that does nothing else: it changes there whenever another connection, of this
/// process or of another, has committed. The connection is opened when it is first asked.
final class DataVersion: Sendable {
    private struct State {
        var queue: DatabaseQueue?
        var isClosed = false
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    /// `nil` when it can't be read, and after closing.
    func read() -> Int64? {
        state.withLock { state in
            guard !state.isClosed, let queue = state.queue ?? (try? open()) else { return nil }
            state.queue = queue
            return try? queue.unsafeRead { try $0.number("PRAGMA data_version") }
        }
    }

    func close() throws {
        try state.withLock { state in
            state.isClosed = true
            try state.queue?.close()
            state.queue = nil
        }
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "version"
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
