import ArgumentParser
import RapportCore

struct SuppressionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppression", abstract: "Addresses that must not be used, and why.",
        discussion: """
            A suppression is of an address, whoever has it, or nobody. Which classes of messages a reason blocks is the \
            contact policy's to say. Reasons:

              hard-bounce   a report says that there is no such mailbox or number
              invalid       a server refused the address; the hub's own finding, so nobody adds it
              stop          the customer sent STOP; a START from the number lifts it
              complaint     the customer reported a message as spam; it stays
              manual        a colleague, another system or an erasure says so

            A hard bounce, an invalid address and a manual one can be lifted, when the mailbox is back:

              rapport suppression lift ana@example.com --reason hard-bounce
            """,
        subcommands: [
            SuppressionListCommand.self, SuppressionShowCommand.self, SuppressionAddCommand.self,
            SuppressionImportCommand.self, SuppressionLiftCommand.self,
        ])
}

extension Suppression.Reason: ExpressibleByArgument {}
