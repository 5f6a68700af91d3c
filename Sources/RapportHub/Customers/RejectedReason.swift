/// The last column of the file of rejected lines, which says why each was rejected.
///
/// The file is mended and imported in its turn, under whatever name, so it is known by what stands in it: the column is
/// ours when it is the last, has one of our names, and nothing stands in it but what we write (`line 3: …`). Then it is
/// read past, and not written twice. A column of the file's own that is called the same stays an attribute.
enum RejectedReason {
    /// The second one for a file that has a column of the first one's name.
    private static let names = ["reason", "reason of rejection"]

    static func text(line: Int, _ reason: String) -> String { "line \(line): \(reason)" }

    /// What the column is called beside the columns of a file.
    static func column(beside header: [String]) -> String {
        names.first { !header.contains($0) } ?? names[0]
    }

    /// The column of a file, of which nothing has been read yet, that an import before has written; `nil`: none.
    static func column(of table: CSVTable) -> String? {
        guard table.header.count > 1, let last = table.header.last, names.contains(last) else { return nil }
        var rows = table
        while let row = rows.next() {
            guard let cell = (try? row.cells.get())?[last], !cell.isEmpty else { continue }
            guard isOurs(cell) else { return nil }
        }
        return last
    }

    private static func isOurs(_ cell: String) -> Bool {
        guard cell.hasPrefix("line ") else { return false }
        let rest = cell.dropFirst("line ".count)
        let number = rest.prefix { $0.isASCII && $0.isNumber }
        return !number.isEmpty && rest.dropFirst(number.count).hasPrefix(": ")
    }
}
