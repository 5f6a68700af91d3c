import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct CustomerFindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Look for customers by the beginning of a name or an address.",
        discussion: """
            Also takes a whole number or mailbox however it is written.

              rapport customer find ana
              rapport customer find "0138 0013 8000"

            Exit code 1 when nobody is found.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The beginning of a name or an address, in any case.")
    var text: String

    @Option(name: .long, help: "At most this many (1 to 1000).")
    var limit = 20

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected 1 to 1000") }
    }

    func run() async throws {
        try await Failure.told {
            let found = try await store.withHub { hub in try await Self.find(text, limit: limit, hub: hub) }
            if output.json {
                for customer in found { JSONLine.show(CustomerText.fields(customer)) }
            } else if !found.isEmpty {
                CustomerText.table(found).show()
            }
            guard !found.isEmpty else {
                Terminal.error("nobody’s name or address begins with ‘\(PlainText.line(text))’")
                throw ExitCode(1)
            }
        }
    }

    /// Those whose address it is come first, then those whose name or address begins so.
    private static func find(_ text: String, limit: Int, hub: HubContext) async throws -> [Customer] {
        var found: [Customer] = []
        if let address = try? hub.resolver.address(text) {
            let ids = try await hub.store.customers(at: [address])[address] ?? []
            let customers = try await hub.store.shown(ids)
            found = ids.compactMap { customers[$0] }
        }
        let known = Set(found.map(\.id))
        found += try await hub.store.search(text, limit: limit).filter { !known.contains($0.id) }
        return Array(found.prefix(limit))
    }
}
