import RapportCore

/// Interactions one a line, in columns that hold whatever comes later.
struct LogLines: Sendable {
    let isJSON: Bool

    func show(_ rows: [Interaction]) {
        for row in rows {
            if isJSON {
                JSONLine.show(InteractionText.fields(row))
            } else {
                Terminal.line(Self.line(row))
            }
        }
    }

    static func line(_ row: Interaction, width: Int = Terminal.isInteractive ? Terminal.width : .max) -> String {
        let cells: [(text: String, width: Int)] = [
            (row.id.description, 8), (LocalTime.minute(row.recordedAt), 16),
            (row.customer?.description ?? "–", 7), ("\(row.channel.rawValue)/\(row.adapter)", 18),
            (row.kind.rawValue, 20),
        ]
        let head = cells.map { cell in
            cell.text + String(repeating: " ", count: max(0, cell.width - PlainText.width(cell.text)))
        }
        return PlainText.cut(PlainText.line((head + [InteractionText.summary(row)]).joined(separator: "  ")), to: width)
    }
}
