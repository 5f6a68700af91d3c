/// A file that is brought in page by page: lines that can't be read are put aside and named, and the others read on.
struct ImportTable {
    /// What of a line was read, and the line, in case it is rejected after all.
    typealias Line<Content> = (row: CSVTable.Row, content: Content)

    private var table: CSVTable
    /// A column of a file of rejected lines that says why, which is not read.
    private let reasons: String?
    var rejected = RejectedLines()

    /// Without that column.
    var header: [String] { reasons == nil ? table.header : Array(table.header.dropLast()) }
    var lineCount: Int { table.lineCount }
    var linesRead: Int { table.linesRead }

    /// - Parameter keys: columns of which the file must have one, to tell whom a line is about.
    /// - Throws: `ImportFileError` when the file as a whole can't be read.
    init(file: String, keys: [String]) throws {
        guard let table = try? CSVTable(file: file) else {
            throw ImportFileError(file: file, message: "not there, or not a CSV file in UTF-8")
        }
        guard !Set(table.header).isDisjoint(with: keys) else {
            let names = keys.dropLast().joined(separator: ", ") + (keys.last.map { " and \($0)" } ?? "")
            throw ImportFileError(file: file, message: "expected a first line with at least one of \(names)")
        }
        guard Set(table.header).count == table.header.count else {
            throw ImportFileError(file: file, message: "a column stands twice in the first line")
        }
        self.table = table
        reasons = RejectedReason.column(of: table)
    }

    /// The next lines that can be read, so many at most; fewer only at the end of the file.
    mutating func page<Content>(
        _ size: Int, read: ([String: String]) throws(ImportProblem) -> Content
    ) -> [Line<Content>] {
        var page: [Line<Content>] = []
        while page.count < size, let row = table.next() {
            switch row.cells {
            case .failure(let problem): rejected.add(row, problem.reason)
            case .success(var cells):
                if let reasons { cells[reasons] = nil }
                do throws(ImportProblem) {
                    page.append((row, try read(cells)))
                } catch {
                    rejected.add(row, error.reason)
                }
            }
        }
        return page
    }
}
