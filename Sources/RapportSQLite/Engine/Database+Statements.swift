import GRDB

extension Database {
    /// Runs a statement that is prepared once for each connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Runs a statement and says how many rows it changed.
    func change(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int {
        try run(sql, arguments)
        return changesCount
    }

    /// The rows of a cached statement, one by one; a row is valid until the next one is read.
    func each(_ sql: String, _ arguments: StatementArguments = StatementArguments(), _ body: (Row) throws -> Void)
        throws
    {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() { try body(row) }
    }

    func list<T>(
        _ sql: String, _ arguments: StatementArguments = StatementArguments(), _ body: (Row) throws -> T
    ) throws -> [T] {
        var values: [T] = []
        try each(sql, arguments) { values.append(try body($0)) }
        return values
    }

    func first<T>(
        _ sql: String, _ arguments: StatementArguments = StatementArguments(), _ body: (Row) throws -> T
    ) throws -> T? {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        return try rows.next().map(body)
    }

    /// The first column of the first row; 0 when there is no row or it is null.
    func number(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int64 {
        try first(sql, arguments) { ($0[0] as Int64?) ?? 0 } ?? 0
    }
}

/// Sets of values as one bound parameter, to be read with `json_each`, so that a statement has the same text for
/// any number of them.
enum Bound {
    static func list(_ numbers: some Sequence<Int64>) -> String {
        var text = "["
        for number in numbers {
            if text.utf8.count > 1 { text += "," }
            text += String(number)
        }
        return text + "]"
    }

    static func list(_ texts: some Sequence<String>) -> String {
        FlatJSON.encode(Array(texts))
    }
}
