import Foundation

/// Finds what has become slower since a baseline, by ratios alone.
struct Comparison {
    /// A figure that has fallen, or is missing.
    struct Loss {
        var row: String
        var sentence: String
    }

    let before: Report

    /// Of the baseline's ratio; what is left is the noise of a shared machine.
    static let share = 0.8

    /// The rows with ratios, to be measured again.
    var rows: [String] { Array(Set(compared.map(\.row))).sorted() }

    /// More a second is better. Times have a raw limit beside them to be read, not to be compared.
    private var compared: [Line] { before.lines.filter { $0.ratio != nil && $0.unit == "/s" } }

    /// - Parameter rows: those that were measured.
    func losses(in report: Report, of rows: [String]) -> [Loss] {
        let now = Dictionary(report.lines.map { ($0.key, $0) }) { first, _ in first }
        return compared.filter { rows.contains($0.row) }.compactMap { line in
            guard let old = line.ratio else { return nil }
            guard let new = now[line.key]?.ratio else {
                return Loss(row: line.row, sentence: "\(line.key) was not measured")
            }
            guard new < old * Self.share else { return nil }
            let figures = String(format: "%.3f of the raw limit, and %.3f in the baseline", new, old)
            return Loss(row: line.row, sentence: "\(line.key): \(figures)")
        }
    }
}
