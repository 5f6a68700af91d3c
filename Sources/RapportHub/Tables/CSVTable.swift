import Foundation
import SwiftCSV

/// A file of comma-separated values (RFC 4180) read row by row: a row that can't be read costs itself and no other.
///
/// SwiftCSV reads the cells of a row. It counts no lines and gives a whole file up at its first fault, so rows are told
/// apart here: one ends with the first line at whose end quotes are even. Where that makes no row, because a quote
/// stands amid a cell or never closes, the line it began with is a bad row and reading goes on with the next line.
struct CSVTable {
    struct Row {
        /// In the file, from 1.
        var line: Int
        /// As it stands in the file.
        var text: String
        /// By column; cells that are missing at the end are empty.
        var cells: Result<[String: String], CSVProblem>
    }

    let header: [String]
    var lineCount: Int { lines.count }
    /// Lines that have been read, the heading included.
    private(set) var linesRead = 0
    private let text: String
    private let lines: [Substring]
    private let delimiter: CSVDelimiter

    /// - Throws: when the file can't be read or is not UTF-8.
    init(file: String) throws {
        self.init(text: try String(contentsOf: URL(filePath: file), encoding: .utf8))
    }

    /// The first line that is not empty is the heading; whether commas, semicolons or tabs part cells is seen by it.
    init(text: String) {
        // What Excel begins a file in UTF-8 with.
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let delimiter = CSVDelimiter.guessed(string: text)
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.text = text
        self.lines = lines
        self.delimiter = delimiter
        linesRead = lines.prefix { Self.isBlank($0) }.count
        header = lines.dropFirst(linesRead).first.flatMap { Self.cells(of: $0, delimiter) } ?? []
        linesRead += 1
    }

    /// The next row; blank lines are none. `nil` at the end.
    mutating func next() -> Row? {
        while linesRead < lines.count, Self.isBlank(lines[linesRead]) { linesRead += 1 }
        guard linesRead < lines.count else { return nil }
        let first = linesRead
        let record = record(at: first)
        let cells = record.flatMap { Self.cells(of: text[$0.text], delimiter) }
        if let record, let cells, cells.count <= header.count {
            linesRead = record.end
            let missing = repeatElement("", count: header.count - cells.count)
            let named = Dictionary(zip(header, cells + missing)) { first, _ in first }
            return Row(line: first + 1, text: String(text[record.text]), cells: .success(named))
        }
        linesRead = first + 1
        let reason =
            cells.map { "\($0.count) cells for \(header.count) columns" }
            ?? "a quote that isn't closed, or stands amid a cell: quote the whole cell and double the quotes in it"
        return Row(line: first + 1, text: String(lines[first]), cells: .failure(CSVProblem(reason: reason)))
    }

    /// The lines from `first` on up to one at whose end quotes are even; `nil` when there is none.
    private func record(at first: Int) -> (text: Range<String.Index>, end: Int)? {
        var isOpen = false
        for index in first..<lines.count {
            let quotes = lines[index].utf8.count { $0 == UInt8(ascii: "\"") }
            if !quotes.isMultiple(of: 2) { isOpen.toggle() }
            if !isOpen { return (lines[first].startIndex..<lines[index].endIndex, index + 1) }
        }
        return nil
    }

    private static func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

    /// `nil` for what is not exactly one row. A last cell that is empty counts for SwiftCSV only when the line ends.
    private static func cells(of record: Substring, _ delimiter: CSVDelimiter) -> [String]? {
        guard let table = try? CSV<Enumerated>(string: record + "\n", delimiter: delimiter, loadColumns: false),
            table.rows.isEmpty
        else { return nil }
        return table.header
    }
}

/// Why a row of a file can't be read.
struct CSVProblem: Error, Hashable {
    var reason: String
}
