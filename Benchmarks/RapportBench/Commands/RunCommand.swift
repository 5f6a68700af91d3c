import ArgumentParser
import Foundation

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Measure rows; without a name, all of them.")

    @Argument(help: "\(Rows.all.map { $0.name }.joined(separator: ", ")).")
    var rows: [String] = []

    @OptionGroup var options: MeasuringOptions

    @Option(help: "full, or small: over in minutes.")
    var scale = Scale.full

    @Option(help: "Where to write the report as JSON.")
    var json: String?

    @Flag(help: "Print the table as the README has it.")
    var markdown = false

    @Option(name: .customLong("save-baseline"), help: "Where to write what later checks compare with.")
    var saveBaseline: String?

    func validate() throws {
        for row in rows where !Rows.all.contains(where: { $0.name == row }) {
            throw ValidationError("there is no row ‘\(row)’")
        }
    }

    func run() async throws {
        let report = try await options.measure(rows, scale: scale)
        let text = ReportText(report: report)
        print(markdown ? text.markdown() : text.plain())
        try json.map(report.write)
        try saveBaseline.map(report.write)
    }
}

extension Scale: ExpressibleByArgument {}
