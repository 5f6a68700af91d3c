import ArgumentParser
import RapportApp

struct ConfigTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make a token for the API.",
        discussion: """
            Prints the token, which is shown this once and kept nowhere, and the lines for the configuration, which hold \
            only its hash. The hub knows it after its next start.

            Scopes: read (customers, timelines, campaigns, follow-ups), write (events, customers, preferences, \
            follow-ups), send (messages, the course of campaigns). Give no more than needed.

            Example:
              rapport config token --name web-shop --scopes read,write
            """)

    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Whose token it is: 1 to 40 of a-z 0-9 . _ -; events that come with it bear this name.")
    var name: String

    @Option(name: .long, help: "What it may do: read, write, send, with commas between.")
    var scopes: String

    func run() async throws {
        try await Failure.told {
            var generator = SystemRandomNumberGenerator()
            let token = NewToken(using: &generator)
            let scopes = scopes.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
            let entry = try HubConfiguration.tokenEntry(name: name, sha256: token.sha256, scopes: scopes)
            if output.json {
                JSONLine.show([
                    ("name", .text(name)), ("token", .text(token.text)), ("hash", .text("sha256:\(token.sha256)")),
                    ("scopes", JSONField(scopes)),
                ])
                return
            }
            Terminal.line("token, shown this once: \(Style.bold(token.text))")
            Terminal.line("for the configuration:\n")
            Terminal.line(entry)
        }
    }
}
