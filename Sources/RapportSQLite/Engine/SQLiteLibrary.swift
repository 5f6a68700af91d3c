import CSQLite

/// How this process uses SQLite, whatever the connection.
enum SQLiteLibrary {
    /// Set up once, before the first connection; nothing changes when another library of the process was earlier.
    ///
    /// SQLite counts by default what it has allocated, under one lock for all threads, and nobody asks.
    static let isConfigured = csqlite_config_memstatus(0) == SQLITE_OK
}
