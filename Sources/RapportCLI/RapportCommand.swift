package import ArgumentParser

/// The root of the command line; every noun has a folder of its own.
package struct RapportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rapport",
        abstract: "One log of everything that happens with a customer, and a policy before every message.",
        discussion: """
            Commands open the store that the configuration names, so they work while the hub runs and when it is down. \
            The configuration is --config FILE, else $RAPPORT_CONFIG, else rapport.yaml.

            Exit codes: 0 done; 1 done, and something wants attention or failed a check; 2 could not be done; \
            64 the command line was wrong.
            """,
        version: RapportVersion.text,
        subcommands: [
            ServeCommand.self, StatusCommand.self, CampaignCommand.self, CustomerCommand.self, ConsentCommand.self,
            SuppressionCommand.self, MessageCommand.self, PolicyCommand.self, IngestCommand.self, LogCommand.self,
            FollowUpCommand.self, ConfigCommand.self, RebuildCommand.self, BackupCommand.self, RestoreCommand.self,
        ])

    package init() {}
}

/// The version of this build.
package enum RapportVersion {
    package static let text = "0.1.0"
}
