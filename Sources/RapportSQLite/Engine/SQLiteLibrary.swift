import CSQLite

/// How this process uses SQLite, whatever the connection.
enum SQLiteLibrary {
    /// Set up once, before the first connection. What can't be had costs time and nothing else, as when another library
    /// of the process was earlier.
    static func configure() { _ = isConfigured }

    private static let isConfigured = {
        // SQLite counts by default what it has allocated, under one lock for all threads, and nobody asks.
        let countsNothing = csqlite_config_memstatus(0) == SQLITE_OK
        return WriteAheadFile.register() && countsNothing
    }()
}
