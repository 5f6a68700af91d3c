import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct CustomerUnmergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unmerge", abstract: "Undo a merge: both customers are themselves again.",
        discussion: """
            Each gets back its own rows, addresses and preferences. The first customer is named by its id, because its \
            addresses lead to the one it is part of; ‘rapport customer show’ lists who is merged in.

              rapport customer unmerge c57 c42
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("The id that was merged.", valueName: "c57"))
    var from: String

    @Argument(help: "The customer that it is part of: an id or an address.")
    var into: String

    func validate() throws {
        guard CustomerID(from) != nil else { throw ValidationError("expected an id such as c57, not ‘\(from)’") }
    }

    func run() async throws {
        try await Failure.told {
            guard let source = CustomerID(from) else { return }
            let (target, row) = try await store.withHub { hub in
                let target = try await hub.resolve(customer: into).customer
                let desk = hub.customerDesk(adapter: "cli", author: Author.name)
                return (target, try await desk.unmerge(source, from: target.id))
            }
            if output.json {
                JSONLine.show([
                    ("from", .text(source.description)), ("into", .text(target.id.description)),
                    ("interaction", .text(row.description)),
                ])
            } else {
                Terminal.line("\(source) and \(target.id) are two customers again (\(row))")
            }
        }
    }
}
