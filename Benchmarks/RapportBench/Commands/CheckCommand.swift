import ArgumentParser

/// For CI: ratios do not depend much on the machine, so they can be compared with those of another.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Measure at small scale, and fail when a ratio has fallen under 0.8 of a baseline's.",
        discussion: """
            Figures without a raw limit are not compared. A row that has fallen is measured again, up to twice: on a \
            shared machine the other side of the round may have had the better moment. A baseline is written by \
            --save-baseline.
            """)

    private static let tries = 3

    @Argument(help: "The baseline.")
    var baseline: String

    @OptionGroup var options: MeasuringOptions

    @Option(help: "Where to write the report as JSON.")
    var json: String?

    func run() async throws {
        let before = try Report.read(baseline)
        guard before.scale == .small else { throw ValidationError("the baseline is not of scale small") }
        let comparison = Comparison(before: before)
        var rows = comparison.rows
        for attempt in 1...Self.tries where !rows.isEmpty {
            let report = try await options.measure(rows, scale: .small)
            try json.map(report.write)
            print(ReportText(report: report).plain())
            let losses = comparison.losses(in: report, of: rows)
            for loss in losses { print("\(attempt < Self.tries ? "measured again" : "error"): \(loss.sentence)") }
            rows = Array(Set(losses.map(\.row))).sorted()
        }
        if !rows.isEmpty { throw ExitCode(1) }
        print("no ratio has fallen under \(Comparison.share) of the baseline's")
    }
}
