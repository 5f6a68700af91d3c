import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct CustomerMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make two customers one: the first becomes part of the second.",
        discussion: """
            From then on they have one timeline and one set of preferences, in which every no of either holds. Nothing is \
            rewritten: the first id goes on as another name of the second, and ‘rapport customer unmerge’ undoes \
            it. It settles their identity conflict, if there is one (‘rapport status’ names it).

              rapport customer merge c57 c42
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The customer that becomes part of the other: an id or an address.")
    var from: String

    @Argument(help: "The customer that stays: an id or an address.")
    var into: String

    func run() async throws {
        try await Failure.told {
            let (source, target, row) = try await store.withHub { hub in
                let source = try await hub.resolve(customer: from).customer
                let target = try await hub.resolve(customer: into).customer
                // One of them may have been named by an id that leads to the other already.
                if source.id == target.id, from != into { throw DeskError.alreadyMerged }
                let desk = hub.customerDesk(adapter: "cli", author: Author.name)
                return (source, target, try await desk.merge(source.id, into: target.id))
            }
            if output.json {
                JSONLine.show([
                    ("from", .text(source.id.description)), ("into", .text(target.id.description)),
                    ("interaction", .text(row.description)),
                ])
            } else {
                Terminal.line(
                    "\(source.id) \(PlainText.line(CustomerText.name(source))) is now part of \(target.id) "
                        + PlainText.line(CustomerText.name(target)) + " (\(row))")
            }
        }
    }
}
