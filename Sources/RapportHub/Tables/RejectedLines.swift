import Foundation

/// Lines of a file that were left out, and why; they go to a file of their own, which can be mended and brought in.
struct RejectedLines {
    private var lines: [(row: CSVTable.Row, reason: String)] = []

    var count: Int { lines.count }

    mutating func add(_ row: CSVTable.Row, _ reason: String) {
        lines.append((row, RejectedReason.text(line: row.line, reason)))
    }

    /// Writes them in the order of the file they came from. Where there are none, what an earlier run left there goes.
    ///
    /// A line whose cells can't be told apart stands in the first column as it is.
    ///
    /// - Parameter column: what the last column is called, which says why.
    func write(to path: String, header: [String], reasons column: String) throws {
        guard !lines.isEmpty else {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            return
        }
        var text = (header + [column]).map(Self.quoted).joined(separator: ",") + "\n"
        for line in lines.sorted(by: { $0.row.line < $1.row.line }) {
            let cells = (try? line.row.cells.get()) ?? [header[0]: line.row.text]
            text += (header.map { cells[$0] ?? "" } + [line.reason]).map(Self.quoted).joined(separator: ",") + "\n"
        }
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        // It holds customers' data, as it was given.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// RFC 4180, section 2.
    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}
