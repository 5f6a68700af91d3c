import Foundation

/// A report as tables for people.
struct ReportText {
    let report: Report

    private static let headings = ["row", "figure", "raw limit", "Rapport", "ratio", "must reach", ""]

    func plain() -> String {
        let rows = [Self.headings] + report.lines.map(cells)
        let widths = Self.headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return (2...4).contains(column) ? padding + cell : cell + padding
            }.joined(separator: "  ")
        }
        return ([measuredOn, ""] + lines).joined(separator: "\n")
    }

    /// For the README.
    func markdown() -> String {
        let rows = report.lines.map { line in "| " + cells(line).joined(separator: " | ") + " |" }
        let head = "| " + Self.headings.joined(separator: " | ") + " |"
        return ([head, "|---|---|--:|--:|--:|---|---|"] + rows + ["", measuredOn]).joined(separator: "\n")
    }

    private var measuredOn: String {
        let machine = report.machine
        return "\(machine.cores) cores of \(machine.processor), \(machine.memoryGB) GB, \(machine.system); "
            + "\(report.date.prefix(10)); scale \(report.scale.rawValue), medians of \(report.rounds) rounds"
    }

    private func cells(_ line: Line) -> [String] {
        [
            line.row, line.what, line.raw.map { "\(Self.number($0)) \(line.unit)" } ?? "–",
            "\(Self.number(line.ours)) \(line.unit)", line.ratio.map { Self.fixed($0, 2) } ?? "–", target(line),
            line.isReached.map { $0 ? "✓" : "✗" } ?? "",
        ]
    }

    private func target(_ line: Line) -> String {
        switch line.target {
        case .ratio(let least): "≥ \(Self.fixed(least, 2))"
        case .atLeast(let least): "≥ \(Self.number(least)) \(line.unit)"
        case .atMost(let most): "≤ \(Self.number(most)) \(line.unit)"
        case nil: ""
        }
    }

    /// Three digits that matter, thousands apart.
    private static func number(_ value: Double) -> String {
        guard value < 100 else {
            let digits = String(Int(value.rounded()))
            return String(
                digits.reversed().enumerated().flatMap { $0 > 0 && $0 % 3 == 0 ? [",", $1] : [$1] }.reversed())
        }
        return fixed(value, value >= 10 || value == value.rounded() ? (value == value.rounded() ? 0 : 1) : 2)
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
