import GRDB
import Synchronization

/// SQLite's `data_version`, on a connection that does nothing else: it changes there whenever another connection, of this
/// process or of another, has committed.
final class DataVersion: Sendable {
    private let queue: Mutex<DatabaseQueue?>

    init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "version"
        configuration.readonly = true
        queue = Mutex(try DatabaseQueue(path: path, configuration: configuration))
    }

    /// `nil` when it can't be read, and after closing.
    func read() -> Int64? {
        queue.withLock { queue in
            guard let queue else { return nil }
            return try? queue.unsafeRead { try $0.number("PRAGMA data_version") }
        }
    }

    func close() throws {
        try queue.withLock { queue in
            try queue?.close()
            queue = nil
        }
    }
}
