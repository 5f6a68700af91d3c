import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct CustomerTimelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Everything that happened with a customer, the latest first.",
        discussion: """
            One list over all channels and colleagues, with what was merged into the customer.

              rapport customer timeline c42
              rapport customer timeline ana@example.com --before i1734 --limit 100

            ← came from the customer or a provider, → went to the customer, · is a note of ours. Times are this machine's; \
            --json has UTC.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    @Option(name: .long, help: ArgumentHelp("Only what is older than this row.", valueName: "i123"))
    var before: String?

    @Option(name: .long, help: "At most this many rows (1 to 10000).")
    var limit = 50

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit: expected 1 to 10000") }
        guard before.map({ InteractionID($0) != nil }) ?? true else {
            throw ValidationError("--before: expected a row's id such as i123")
        }
    }

    func run() async throws {
        try await Failure.told {
            // One row more than asked for tells whether there are older ones.
            let rows = try await store.withHub { hub in
                let customer = try await hub.resolve(customer: who.customer).customer
                return try await hub.store.timeline(
                    of: customer.id, before: before.flatMap { InteractionID($0) }, limit: limit + 1, including: [])
            }
            let page = Array(rows.prefix(limit))
            if output.json {
                for row in page { JSONLine.show(InteractionText.fields(row)) }
            } else {
                InteractionText.table(page).show()
                if rows.count > limit, let last = page.last {
                    Terminal.line(Style.dim("older rows: --before \(last.id)"))
                }
            }
        }
    }
}
