import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct SuppressionListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The addresses that must not be used, the latest first.",
        discussion: """
            Those that have ended or were lifted are left out; ‘rapport suppression show’ has them. So is what stands for the \
            addresses of erased customers: nobody can read them any more.

              rapport suppression list
              rapport suppression list --reason hard-bounce --limit 1000 --json
              rapport suppression list --before s1734
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Only those with this reason.")
    var reason: Suppression.Reason?

    @Option(name: .long, help: ArgumentHelp("Only what is older than this one.", valueName: "s123"))
    var before: String?

    @Option(name: .long, help: "At most this many (1 to 100000).")
    var limit = 100

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit: expected 1 to 100000") }
        guard before.map({ EntryID($0, prefix: "s") != nil }) ?? true else {
            throw ValidationError("--before: expected a suppression's id such as s123")
        }
    }

    func run() async throws {
        try await Failure.told {
            // One more than asked for tells whether there are older ones.
            let (rows, now) = try await store.withHub { hub in
                let now = hub.clock()
                let rows = try await hub.store.suppressions(
                    SuppressionFilter(reason: reason, activeAt: now),
                    before: before.flatMap { EntryID($0, prefix: "s") }, limit: limit + 1)
                return (rows, now)
            }
            let page = Array(rows.prefix(limit))
            if output.json {
                for row in page { JSONLine.show(SuppressionText.fields(row, at: now)) }
            } else if page.isEmpty {
                Terminal.line("no address is suppressed" + (reason.map { " for \($0.rawValue)" } ?? ""))
            } else {
                SuppressionText.table(page).show()
                if rows.count > limit, let last = page.last {
                    Terminal.line(Style.dim("older ones: --before \(last.id.text("s"))"))
                }
            }
        }
    }
}
