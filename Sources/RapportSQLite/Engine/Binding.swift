import GRDBSQLite

/// Binds the values of a statement, one for each `?` from the first to the last.
struct Binding {
    private let statement: OpaquePointer
    private var last: Int32 = 0
    /// The first of SQLite's result codes that was not good.
    private(set) var code = SQLITE_OK

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    mutating func add(_ value: (some Bindable)?) {
        last += 1
        let result = value?.bind(to: statement, at: last) ?? sqlite3_bind_null(statement, last)
        if code == SQLITE_OK { code = result }
    }

    /// Whether each has its value.
    var isWhole: Bool { last == sqlite3_bind_parameter_count(statement) }
}
