import ArgumentParser

struct MessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Single messages: an answer, a receipt, a date.",
        discussion: """
            Each gets a verdict from the contact policy like any other. Marketing goes through campaigns.

              echo "Your part is here." | rapport message send --to c42 --channel sms \\
                --class service --topic care
            """,
        subcommands: [MessageSendCommand.self, MessageShowCommand.self])
}
