/// Lines with a label in front, lined up: how one thing is shown.
struct Labelled {
    private var rows: [(label: String, text: String)] = []

    /// Adds a line; nothing when there is no text.
    mutating func add(_ label: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        rows.append((label, PlainText.line(text)))
    }

    /// Adds a line for each text, the label standing before the first.
    mutating func add(_ label: String, _ texts: [String]) {
        for (index, text) in texts.enumerated() { rows.append((index == 0 ? label : "", PlainText.line(text))) }
    }

    func lines(width: Int = Terminal.isInteractive ? Terminal.width : .max) -> [String] {
        let column = (rows.map { PlainText.width($0.label) }.max() ?? 0) + 2
        return rows.map { row in
            let padding = String(repeating: " ", count: column - PlainText.width(row.label))
            return PlainText.cut(row.label + padding + row.text, to: width)
        }
    }

    func show() {
        for line in lines() { Terminal.line(line) }
    }
}
