import ArgumentParser

struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign", abstract: "Plan, send and watch campaigns.",
        discussion: """
            A campaign is a folder templates/campaigns/NAME/ with a campaign.yaml (audience, class, topic, channels, \
            schedule) and a template for each channel and language. Look before you send:

              rapport campaign plan spring-brochure
              rapport campaign send spring-brochure

            A campaign that comes again has an occurrence; a run of it is called NAME@OCCURRENCE, such as newsletter@2026-03.
            """,
        subcommands: [
            CampaignPlanCommand.self, CampaignSendCommand.self, CampaignPauseCommand.self, CampaignResumeCommand.self,
            CampaignCancelCommand.self, CampaignReportCommand.self, CampaignListCommand.self,
        ])
}
