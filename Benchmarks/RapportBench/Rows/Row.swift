/// One kind of work, measured.
protocol Row: Sendable {
    /// As the command line and the tables call it.
    static var name: String { get }
    init()
    func measure(_ bench: Bench) async throws -> [Line]
}

extension Row {
    var name: String { Self.name }
}

/// Every row, in the order of the table.
enum Rows {
    static let all: [any Row.Type] = [
        CampaignRow.self, PlanRow.self, WebhookRow.self, LMTPRow.self, PolicyRow.self, GrowthRow.self, ReadsRow.self,
        IdleRow.self, StartRow.self,
    ]
}
