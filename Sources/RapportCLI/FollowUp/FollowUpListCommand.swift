import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct FollowUpListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What is waiting, the most overdue first.",
        discussion: """
            Open ones, unless --all. Examples:
              rapport followup list --overdue
              rapport followup list --owner "$RAPPORT_USER" --json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Only those of this colleague.")
    var owner: String?

    @Option(name: .long, help: "Only those of this customer: an id such as c42, or an address.")
    var customer: String?

    @Flag(name: .long, help: "Only those that should have been answered by now.")
    var overdue = false

    @Flag(name: .long, help: "Closed ones too.")
    var all = false

    @Option(name: .long, help: "At most so many.")
    var limit = 100

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit: expected 1 to 10000") }
        guard !(all && overdue) else { throw ValidationError("--all and --overdue exclude each other") }
    }

    func run() async throws {
        try await Failure.told {
            let (rows, now) = try await store.withHub { hub in
                let now = hub.clock()
                var filter = FollowUpFilter(
                    state: all ? nil : .open, owner: owner, dueBefore: overdue ? now : nil)
                if let customer { filter.customer = try await hub.resolve(customer: customer).customer.id }
                return (try await hub.store.followUps(filter, limit: limit), now)
            }
            if output.json {
                for row in rows { JSONLine.show(FollowUpText.fields(row, at: now)) }
            } else if rows.isEmpty {
                Terminal.line(all ? "no follow-ups" : overdue ? "nothing is overdue" : "nobody is waiting")
            } else {
                FollowUpText.table(rows, at: now).show()
                if rows.count == limit { Terminal.error("rapport: perhaps there are more; see --limit") }
            }
        }
    }
}
