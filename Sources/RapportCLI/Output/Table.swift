/// Columns that line up and fit the terminal: when there is not enough room, the last column is cut.
struct Table {
    private var rows: [[String]]
    private let rightAligned: Set<Int>

    /// - Parameter rightAligned: columns of numbers.
    init(_ header: [String], rightAligned: Set<Int> = []) {
        rows = [header]
        self.rightAligned = rightAligned
    }

    var isEmpty: Bool { rows.count == 1 }

    mutating func add(_ cells: [String]) {
        rows.append(cells.map(PlainText.line))
    }

    func lines(width: Int = Terminal.isInteractive ? Terminal.width : .max) -> [String] {
        let widths = rows[0].indices.map { column in
            rows.map { $0.indices.contains(column) ? PlainText.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.enumerated().map { index, row in
            let cells = row.enumerated().map { column, cell -> String in
                let padding = String(repeating: " ", count: max(0, widths[column] - PlainText.width(cell)))
                if rightAligned.contains(column) { return padding + cell }
                return column == row.count - 1 ? cell : cell + padding
            }
            let line = PlainText.cut(cells.joined(separator: "  "), to: width)
            return index == 0 ? Style.bold(line) : line
        }
    }

    func show() {
        for line in lines() { Terminal.line(line) }
    }
}
