import Foundation
import GRDBSQLite

/// One row of a running statement, read by column number; valid until the next one is read.
///
/// Reads the columns straight from SQLite: a claim or an intake batch reads tens of thousands of them a second, and
/// going through the library's generic values costs several times what SQLite itself needs.
struct Row {
    let statement: OpaquePointer

    func hasNull(atIndex index: Int) -> Bool {
        sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL
    }

    subscript(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }
    subscript(_ index: Int) -> Int { Int(self[index] as Int64) }
    subscript(_ index: Int) -> Bool { (self[index] as Int64) != 0 }

    subscript(_ index: Int) -> String {
        // The text first: asking for its length may convert it.
        guard let text = sqlite3_column_text(statement, Int32(index)) else { return "" }
        let length = Int(sqlite3_column_bytes(statement, Int32(index)))
        return String(decoding: UnsafeBufferPointer(start: text, count: length), as: UTF8.self)
    }

    subscript(_ index: Int) -> Data {
        guard let bytes = sqlite3_column_blob(statement, Int32(index)) else { return Data() }
        return Data(bytes: bytes, count: Int(sqlite3_column_bytes(statement, Int32(index))))
    }

    subscript(_ index: Int) -> Int64? { hasNull(atIndex: index) ? nil : self[index] as Int64 }
    subscript(_ index: Int) -> Int? { hasNull(atIndex: index) ? nil : self[index] as Int }
    subscript(_ index: Int) -> String? { hasNull(atIndex: index) ? nil : self[index] as String }
    subscript(_ index: Int) -> Data? { hasNull(atIndex: index) ? nil : self[index] as Data }
}
