import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct CustomerEraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Remove a customer's personal data from every table and payload.",
        discussion: """
            What stays is the id, the places in the log, and keyed hashes of the addresses, so that nobody can import them \
            again and write to them. An address that another customer has too stays that customer's, with what was \
            forbidden there. Planned messages are cancelled. It can't be undone: ‘rapport customer export’ first \
            gives the customer all of theirs.

            The hub goes on meanwhile. What the log has without a customer is looked through for the addresses, too, which \
            takes a while in a large one; cut off there, it is finished by the hub or by the next ‘customer erase’.

              rapport customer erase c42          asks before it does
              rapport customer erase c42 --yes    does not ask
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    @Flag(name: .long, help: "Don't ask.")
    var yes = false

    func validate() throws {
        guard yes || Terminal.canAsk else {
            throw ValidationError("erasing can't be undone; say --yes when nobody is there to be asked")
        }
    }

    func run() async throws {
        try await Failure.told {
            let erased = try await store.withHub { hub -> (Customer, [(table: String, rows: Int)])? in
                let customer = try await hub.resolve(customer: who.customer).customer
                guard yes || Terminal.agrees("Erase \(customer.id) \(CustomerText.name(customer)) for ever?") else {
                    return nil
                }
                let bar = ProgressBar("looking through the log")
                defer { bar.finish() }
                let removed = try await hub.store.erase(customer.id, at: hub.clock(), by: Author.name) {
                    bar.show(Int($0), of: Int($1))
                }
                return (customer, removed)
            }
            guard let (customer, removed) = erased else {
                Terminal.error("nothing was erased")
                throw ExitCode(1)
            }
            show(customer, removed)
        }
    }

    private func show(_ customer: Customer, _ removed: [(table: String, rows: Int)]) {
        if output.json {
            JSONLine.show([
                ("customer", .text(customer.id.description)),
                ("removed", .object(removed.map { ($0.table, .number($0.rows)) })),
            ])
            return
        }
        Terminal.line("\(customer.id) is erased")
        var table = Table(["TABLE", "ROWS"], rightAligned: [1])
        for entry in removed where entry.rows > 0 { table.add([entry.table, "\(entry.rows)"]) }
        if table.isEmpty {
            Terminal.line("nothing was left to remove")
        } else {
            table.show()
        }
    }
}
