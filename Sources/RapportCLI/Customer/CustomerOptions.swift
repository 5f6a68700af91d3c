import ArgumentParser

/// The customer that a command is about.
struct CustomerArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("An id such as c42, or an address: a mailbox, a number, id:crm/1001.", valueName: "customer")
    )
    var customer: String
}
