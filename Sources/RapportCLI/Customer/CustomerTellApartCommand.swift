import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct CustomerTellApartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tell-apart", abstract: "Say that two customers are not one.",
        discussion: """
            An event that names addresses of two customers makes an identity conflict, which ‘rapport status’ tells of: \
            they may be one person, and then ‘rapport customer merge’ makes them one. A couple or an office stays two: \
            this settles the conflict, and later events open none between them. Nothing else changes.

              rapport customer tell-apart c57 c42
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "One of them: an id or an address.")
    var first: String

    @Argument(help: "The other: an id or an address.")
    var second: String

    func run() async throws {
        try await Failure.told {
            let (one, other, row) = try await store.withHub { hub in
                let one = try await hub.resolve(customer: first).customer
                let other = try await hub.resolve(customer: second).customer
                let desk = hub.customerDesk(adapter: "cli", author: Author.name)
                return (one, other, try await desk.tellApart(one.id, other.id))
            }
            if output.json {
                JSONLine.show([
                    ("customer", .text(one.id.description)), ("other", .text(other.id.description)),
                    ("interaction", .text(row.description)),
                ])
            } else {
                Terminal.line(
                    "\(one.id) \(PlainText.line(CustomerText.name(one))) and \(other.id) "
                        + PlainText.line(CustomerText.name(other)) + " are two customers (\(row))")
            }
        }
    }
}
