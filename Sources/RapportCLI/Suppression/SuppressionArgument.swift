import ArgumentParser
import RapportApp
import RapportCore

/// The address that a command is about, whoever has it.
struct SuppressionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("A mailbox, a number, or id:crm/1001.", valueName: "address"))
    var address: String
}

extension HubContext {
    /// Reads an address as people write it.
    func address(_ text: String) throws(AddressArgumentError) -> Address {
        do throws(AddressError) {
            return try normalizer.normalize(CustomerResolver.raw(text), region: configuration.region)
        } catch {
            throw AddressArgumentError(text: text, reason: error.reason)
        }
    }
}

/// Why an argument is no address. A sentence for people.
struct AddressArgumentError: Error, CustomStringConvertible {
    var text: String
    var reason: String

    var description: String { "‘\(PlainText.line(text))’ is no address: \(reason)" }
}
