import GRDB
import Testing

@testable import RapportSQLite

@Suite("What is bound to a statement")
struct BindingTests {
    @Test("a statement runs with a value for each place, and not with one more or less", arguments: 1...3)
    func whole(values: Int) throws {
        try DatabaseQueue().write { db in
            try db.run("CREATE TABLE pair (first INTEGER, second TEXT)")
            let insertion = try db.cachedStatement(sql: "INSERT INTO pair VALUES (?, ?)")
            // What an earlier run has bound is still there.
            try db.run(insertion) { columns in
                columns.add(1)
                columns.add("a")
            }
            func insert() throws {
                try db.run(insertion) { columns in
                    columns.add(2)
                    for _ in 1..<values { columns.add(nil as String?) }
                }
            }
            if values == 2 { try insert() } else { #expect(throws: DatabaseError.self) { try insert() } }
            #expect(try db.list("SELECT first FROM pair") { $0[0] as Int64 } == (values == 2 ? [1, 2] : [1]))
        }
    }
}
