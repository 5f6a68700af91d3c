import ArgumentParser
import RapportApp
import RapportHub

struct CustomerImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring customers in from a CSV file, or bring them up to date.",
        discussion: """
            The first line names the columns; at least one of id, email and phone. Others with a meaning: name, language, \
            timeZone, household, owner, tags, consents. Every other column becomes an attribute. Several values of \
            email, phone, tags and consents are separated by semicolons.

              id,name,email,phone,language,tags,consents,city
              crm/1,Ana,ana@example.com,+4930901820,en,fair;vip,offers:*:granted,Berlin
              crm/2,李明,,13800138000,zh-CN,,news:sms:denied:2026-01-05T10:00:00Z,上海

            A line with an id belongs to the customer with that id; without one the mailbox or the number decides. An empty \
            cell changes nothing, and for a line that says what is known already nothing is written. A yes without a date \
            counts unless the customer has said no.

            Where the policy asks a topic for a double opt-in (doubleOptIn), ‘granted’ waits for the customer's confirmation, \
            and ‘confirmed’ (offers:email:confirmed:2026-01-05T10:00:00Z) says that they have given it, for the addresses \
            that they have then. The summary counts those that wait.

            Bad lines go to FILE.rejected.csv with their number and the reason, and \
            the others in. That file can be mended and imported: its last column is not read.

            Exit code 1 when lines were rejected.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "A CSV file in UTF-8.", completion: .file(extensions: ["csv"]))
    var file: String

    /// `customers.csv` becomes `customers.rejected.csv`.
    static func rejects(of file: String) -> String {
        (file.lowercased().hasSuffix(".csv") ? String(file.dropLast(4)) : file) + ".rejected.csv"
    }

    func run() async throws {
        try await Failure.told {
            let rejects = Self.rejects(of: file)
            let bar = ProgressBar("importing")
            defer { bar.finish() }
            let report = try await store.withHub(mayMakeStore: true) { hub in
                try await hub.importer(author: Author.name).run(file: file, rejects: rejects) { done, total in
                    bar.show(done, of: total)
                }
            }
            bar.finish()
            if output.json {
                JSONLine.show([
                    ("imported", .number(report.imported)), ("created", .number(report.created)),
                    ("updated", .number(report.imported - report.created - report.unchanged)),
                    ("unchanged", .number(report.unchanged)), ("rejected", .number(report.rejected)),
                    ("unconfirmed", .number(report.unconfirmed)),
                    ("rejects", report.rejected > 0 ? .text(rejects) : .null),
                ])
            } else {
                Terminal.line(Self.text(report, rejects: rejects))
            }
            if report.rejected > 0 { throw ExitCode(1) }
        }
    }

    static func text(_ report: CustomerImporter.Report, rejects: String) -> String {
        let updated = report.imported - report.created - report.unchanged
        return "\(report.imported) imported: \(report.created) new, \(updated) updated, \(report.unchanged) unchanged"
            + (report.unconfirmed > 0
                ? "; " + Spoken.count(report.unconfirmed, "yes waits", "yeses wait")
                    + " for the customer’s confirmation"
                : "")
            + (report.rejected > 0 ? "; \(report.rejected) rejected, with reasons in \(rejects)" : "")
    }
}
