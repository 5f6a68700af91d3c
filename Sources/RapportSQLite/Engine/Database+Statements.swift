import GRDB
import GRDBSQLite

/// Statements that are prepared once for each connection, with their values bound and their rows read without the
/// library's generic layer (see `Row`). Connections, transactions and the cache of statements are the library's.
extension Database {
    func run(_ sql: String, _ arguments: [(any Bindable)?] = []) throws {
        try each(sql, arguments) { _ in }
    }

    /// Runs a statement of this connection, for those that run so often that to look them up by their text, and to gather
    /// what is bound, would show.
    func run(_ statement: Statement, binding bind: (inout Binding) throws -> Void) throws {
        defer { sqlite3_reset(statement.sqliteStatement) }
        var binding = Binding(statement.sqliteStatement)
        try bind(&binding)
        guard binding.code == SQLITE_OK, binding.isWhole else {
            throw error(binding.code == SQLITE_OK ? SQLITE_RANGE : binding.code, statement.sql)
        }
        while try step(statement.sqliteStatement, statement.sql) {}
    }

    /// Runs a statement and says how many rows it changed.
    func change(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int {
        try run(sql, arguments)
        return changesCount
    }

    /// The rows of a statement, one by one; a row is valid until the next one is read.
    ///
    /// The same statement must not be run again from `body`.
    func each(_ sql: String, _ arguments: [(any Bindable)?] = [], _ body: (Row) throws -> Void) throws {
        try with(cachedStatement(sql: sql), arguments) { statement in
            while try step(statement, sql) { try body(Row(statement: statement)) }
        }
    }

    func list<T>(_ sql: String, _ arguments: [(any Bindable)?] = [], _ body: (Row) throws -> T) throws -> [T] {
        var values: [T] = []
        try each(sql, arguments) { values.append(try body($0)) }
        return values
    }

    func first<T>(_ sql: String, _ arguments: [(any Bindable)?] = [], _ body: (Row) throws -> T) throws -> T? {
        try with(cachedStatement(sql: sql), arguments) { statement in
            try step(statement, sql) ? try body(Row(statement: statement)) : nil
        }
    }

    /// The first column of the first row; 0 when there is no row or it is null.
    func number(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int64 {
        try first(sql, arguments) { ($0[0] as Int64?) ?? 0 } ?? 0
    }

    private func with<T>(
        _ prepared: Statement, _ arguments: [(any Bindable)?], _ body: (OpaquePointer) throws -> T
    ) throws -> T {
        let statement = prepared.sqliteStatement
        // A statement that is left standing would hold its read lock; its result was told by the last step already.
        defer { sqlite3_reset(statement) }
        guard Int(sqlite3_bind_parameter_count(statement)) == arguments.count else {
            throw DatabaseError(resultCode: .SQLITE_RANGE, message: "wrong number of arguments", sql: prepared.sql)
        }
        // In place, because to copy each out of the array takes longer than to bind it.
        try arguments.withUnsafeBufferPointer { arguments in
            for index in arguments.indices {
                let place = Int32(index + 1)
                let code = arguments[index]?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
                guard code == SQLITE_OK else { throw error(code, prepared.sql) }
            }
        }
        return try body(statement)
    }

    /// - Parameter sql: for the error alone, because the library makes it anew each time.
    /// - Returns: whether there is a row.
    private func step(_ statement: OpaquePointer, _ sql: @autoclosure () -> String) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code, sql())
        }
    }

    private func error(_ code: Int32, _ sql: String) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }, sql: sql)
    }
}
