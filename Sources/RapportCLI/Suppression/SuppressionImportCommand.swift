import ArgumentParser
import RapportApp
import RapportHub

struct SuppressionImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring in addresses that must not be used from a CSV file.",
        discussion: """
            For the list of another system, before the first message leaves. The first line names the columns; at least one \
            of address, email and phone. Others with a meaning: reason (hard-bounce, stop, complaint or manual; manual when it \
            is empty), at (since when; now), until (when it ends by itself; never). Several values of email and phone are \
            separated by semicolons. Other columns are not read, and named in the summary.

              email,reason,at
              ana@example.com,hard-bounce,2026-01-05T10:00:00Z
              bo@example.com,complaint,
              cy@example.com;cy@work.example,,

            No customer is made: an address that nobody has yet is suppressed for whoever comes with it. An address that is \
            suppressed for the reason already, and for as long, stays as it is, so the same file again adds nothing; what was \
            lifted since is suppressed again. stop and complaint are the customer's own word, which nobody here can lift \
            afterwards.

            Bad lines go to FILE.rejected.csv with their number and the reason, and the others in. That file can be mended \
            and imported: its last column is not read.

              rapport suppression import suppressed.csv

            Exit code 1 when lines were rejected.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "A CSV file in UTF-8.", completion: .file(extensions: ["csv"]))
    var file: String

    func run() async throws {
        try await Failure.told {
            let rejects = CustomerImportCommand.rejects(of: file)
            let bar = ProgressBar("importing")
            defer { bar.finish() }
            let report = try await store.withHub(mayMakeStore: true) { hub in
                let importer = hub.suppressionImporter(author: Author.name)
                return try await importer.run(file: file, rejects: rejects) { bar.show($0, of: $1) }
            }
            bar.finish()
            if output.json {
                JSONLine.show([
                    ("added", .number(report.added)), ("known", .number(report.known)),
                    ("rejected", .number(report.rejected)), ("ignored", JSONField(report.ignored)),
                    ("rejects", report.rejected > 0 ? .text(rejects) : .null),
                ])
            } else {
                Terminal.line(PlainText.line(Self.text(report, rejects: rejects)))
            }
            if report.rejected > 0 { throw ExitCode(1) }
        }
    }

    static func text(_ report: SuppressionImporter.Report, rejects: String) -> String {
        "\(report.added) added, \(report.known) known already"
            + (report.rejected > 0
                ? "; \(Spoken.count(report.rejected, "line")) rejected, with reasons in \(rejects)" : "")
            + (report.ignored.isEmpty ? "" : "; columns not read: \(report.ignored.joined(separator: ", "))")
    }
}
