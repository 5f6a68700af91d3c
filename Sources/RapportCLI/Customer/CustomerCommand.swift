import ArgumentParser

struct CustomerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "Who the customers are, and what happened with them.",
        discussion: """
            Wherever a customer is asked for, give the id (c42) or an address: ana@example.com, +49 30 901820, 13800138000 \
            (read in the configuration's region), id:crm/1001. When several customers share an address, they are listed \
            and nothing is done.
            """,
        subcommands: [
            CustomerFindCommand.self, CustomerShowCommand.self, CustomerTimelineCommand.self, CustomerBriefCommand.self,
            CustomerImportCommand.self, CustomerMergeCommand.self, CustomerUnmergeCommand.self,
            CustomerTellApartCommand.self, CustomerExportCommand.self, CustomerEraseCommand.self,
        ])
}
