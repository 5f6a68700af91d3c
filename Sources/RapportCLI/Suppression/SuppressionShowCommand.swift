import ArgumentParser
import RapportApp
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy

struct SuppressionShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Every suppression of an address, with what it blocks.",
        discussion: """
            Those that have ended or were lifted are shown, too. BLOCKS names the classes of messages that the contact policy \
            keeps from the address because of it.

              rapport suppression show ana@example.com
              rapport suppression show "0138 0013 8000" --json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: SuppressionArgument

    func run() async throws {
        try await Failure.told {
            let (address, rows, now, policy) = try await store.withHub { hub in
                let address = try hub.address(which.address)
                let rows = try await hub.store.suppressions(of: [address])
                return (address, rows, hub.clock(), hub.readablePolicy())
            }
            if output.json {
                for row in rows {
                    let blocked = SuppressionText.blocked(by: row, at: now, policy: policy)
                    let blocks = blocked.map { JSONField($0.map(\.rawValue)) } ?? .null
                    JSONLine.show(SuppressionText.fields(row, at: now) + [("blocks", blocks)])
                }
            } else if rows.isEmpty {
                Terminal.line("\(PlainText.line(address.deliverableURI)) was never suppressed")
            } else {
                SuppressionText.table(rows, at: now, policy: policy).show()
            }
        }
    }
}

extension HubContext {
    /// `nil`, and a sentence on standard error, when the contact policy can't be read.
    func readablePolicy() -> ContactPolicy? {
        do {
            return try policy.current
        } catch {
            Terminal.error("what is blocked is left out, because the contact policy can’t be read:\n\(error)")
            return nil
        }
    }
}
