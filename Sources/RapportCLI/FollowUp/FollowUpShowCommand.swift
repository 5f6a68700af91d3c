import ArgumentParser
import RapportApp
import RapportCore
import RapportHub
import RapportLog

struct FollowUpShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One follow-up with the conversation it belongs to.",
        discussion: """
            The conversation is told oldest first: the mails of a thread, the texts of an exchange, the events of a call. \
            With --json, the follow-up stands on the first line and each interaction on one of its own.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var argument: FollowUpArgument

    func run() async throws {
        try await Failure.told {
            let id = argument.id
            try await store.withHub { hub in
                guard let found = try await hub.store.followUp(id) else { throw DeskError.unknownFollowUp(id) }
                let rows = try await conversation(of: found, in: hub.store)
                let customer = try await hub.store.customers([found.customer])[found.customer]
                show(found, customer: customer, rows: rows, at: hub.clock())
            }
        }
    }

    /// Reads back through the customer's timeline to where the follow-up was opened, and a little further: an answer may
    /// come after it and the question before it.
    private func conversation(of followUp: FollowUp, in store: any LogReading) async throws -> [Interaction] {
        let opening = InteractionID(followUp.id.number)
        var rows: [Interaction] = []
        var cursor: InteractionID?
        var pagesBefore = 0
        while pagesBefore < 2 {
            let page = try await store.timeline(
                of: followUp.customer, before: cursor, limit: 200, including: [])
            rows += page.filter { row in
                row.id == opening
                    || followUp.conversation.map { $0 == row.references.conversation } == true
            }
            guard page.count == 200, let last = page.last else { break }
            cursor = last.id
            if last.id < opening { pagesBefore += 1 }
        }
        return rows.reversed()
    }

    private func show(_ followUp: FollowUp, customer: Customer?, rows: [Interaction], at now: Timestamp) {
        if output.json {
            JSONLine.show(FollowUpText.fields(followUp, at: now))
            for row in rows { JSONLine.show(InteractionText.fields(row)) }
            return
        }
        var lines = Labelled()
        lines.add("follow-up", "\(followUp.id)  \(followUp.kind)  \(followUp.state.rawValue)")
        lines.add("customer", "\(followUp.customer)  \(customer?.profile.name ?? "")")
        lines.add("reached at", customer?.addresses.prefix(5).map(\.deliverable) ?? [])
        lines.add("about", followUp.summary)
        lines.add("owner", followUp.owner ?? "nobody")
        lines.add("opened", LocalTime.zoned(followUp.openedAt))
        let distance = followUp.state == .open ? "  (\(FollowUpText.due(followUp, at: now)))" : ""
        lines.add("due", followUp.dueAt.map { LocalTime.zoned($0) + distance })
        lines.add("closed", followUp.closedAt.map { "\(LocalTime.zoned($0))  \(followUp.resolution ?? "")" })
        lines.show()
        let table = InteractionText.table(rows)
        guard !table.isEmpty else { return }
        Terminal.line()
        table.show()
    }
}
