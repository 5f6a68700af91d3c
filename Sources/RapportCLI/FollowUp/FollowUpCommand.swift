import ArgumentParser
import RapportCore

struct FollowUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "followup", abstract: "What customers are waiting for, and who answers.",
        discussion: """
            A follow-up is opened by what a customer does (a message, a voicemail, a missed call, a wish to be called \
            back), is due by the service level of its kind, and is closed by our answer or by hand.
            """,
        subcommands: [
            FollowUpListCommand.self, FollowUpShowCommand.self, FollowUpCloseCommand.self, FollowUpAssignCommand.self,
        ])
}

/// The follow-up that a command is about.
struct FollowUpArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Which one, as f42.", valueName: "follow-up"))
    var id: FollowUpID
}

extension EntityID: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
