import GRDB
import RapportLog

/// Walks through two sorted lists of rows side by side and notes where they differ.
struct TableComparison {
    static let most = 1_000

    let db: Database
    let table: ProjectionTable

    private struct Line {
        var number: Int64
        var text: String
        var row: String
    }

    /// - Parameter differences: gets what is found, until there are `most` of them.
    func run(found: String, expected: String, _ differences: inout [ProjectionDifference]) throws {
        let left = try GRDB.Row.fetchCursor(db, sql: table.select(found))
        let right = try GRDB.Row.fetchCursor(db, sql: table.select(expected))
        var a = try next(left)
        var b = try next(right)
        while a != nil || b != nil, differences.count < Self.most {
            switch order(a, b) {
            case .orderedSame:
                if let a, let b, a.row != b.row { note(a, found: a.row, expected: b.row, &differences) }
                a = try next(left)
                b = try next(right)
            case .orderedAscending:
                if let a { note(a, found: a.row, expected: nil, &differences) }
                a = try next(left)
            case .orderedDescending:
                if let b { note(b, found: nil, expected: b.row, &differences) }
                b = try next(right)
            }
        }
    }

    private enum Order { case orderedSame, orderedAscending, orderedDescending }

    /// By number, then by the bytes of the text, as SQLite sorts.
    private func order(_ a: Line?, _ b: Line?) -> Order {
        guard let a else { return .orderedDescending }
        guard let b else { return .orderedAscending }
        if a.number != b.number { return a.number < b.number ? .orderedAscending : .orderedDescending }
        if a.text.utf8.elementsEqual(b.text.utf8) { return .orderedSame }
        return a.text.utf8.lexicographicallyPrecedes(b.text.utf8) ? .orderedAscending : .orderedDescending
    }

    private func next(_ rows: RowCursor) throws -> Line? {
        try rows.next().map { Line(number: $0[0], text: $0[1], row: $0[2]) }
    }

    private func note(
        _ line: Line, found: String?, expected: String?, _ differences: inout [ProjectionDifference]
    ) {
        let key = "\(table.prefix)\(line.number)" + (line.text.isEmpty ? "" : " \(line.text)")
        differences.append(
            ProjectionDifference(table: table.name, key: key, found: found, expected: expected))
    }
}
