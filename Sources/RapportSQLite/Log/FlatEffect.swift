import RapportCore

/// What mails and calls change most often, as an object of strings: a general encoder takes longer over them than the
/// store over their rows.
enum FlatEffect {
    static func encode(_ followUp: FollowUp) -> String {
        FlatJSON.object([
            ("closedAt", followUp.closedAt.map { String($0.milliseconds) }),
            ("conversation", followUp.conversation), ("customer", String(followUp.customer.number)),
            ("dueAt", followUp.dueAt.map { String($0.milliseconds) }), ("id", String(followUp.id.number)),
            ("kind", followUp.kind), ("openedAt", String(followUp.openedAt.milliseconds)),
            ("owner", followUp.owner), ("resolution", followUp.resolution), ("state", followUp.state.rawValue),
            ("summary", followUp.summary),
        ])
    }

    /// `nil` for text that was not written here.
    static func followUp(_ text: String) throws -> FollowUp? {
        let fields = try FlatJSON.map(text)
        func number(_ name: String) -> Int64? { fields[name].flatMap { Int64($0) } }
        func instant(_ name: String) -> Timestamp? { number(name).map { Timestamp(milliseconds: $0) } }
        guard let id = number("id"), let customer = number("customer"), let kind = fields["kind"],
            let state = fields["state"].flatMap(FollowUp.State.init(rawValue:)), let summary = fields["summary"],
            let openedAt = instant("openedAt")
        else { return nil }
        return FollowUp(
            id: FollowUpID(id), customer: CustomerID(customer), kind: kind, state: state, summary: summary,
            owner: fields["owner"], openedAt: openedAt, dueAt: instant("dueAt"), closedAt: instant("closedAt"),
            resolution: fields["resolution"], conversation: fields["conversation"])
    }

    /// `nil` for a profile that has more in it than single words.
    static func encode(_ profile: Customer.Profile) -> String? {
        guard profile.tags.isEmpty, profile.attributes.isEmpty, profile.quietHours == nil, profile.pausedUntil == nil
        else { return nil }
        return FlatJSON.object([
            ("household", profile.household), ("language", profile.language), ("name", profile.name),
            ("owner", profile.owner), ("timeZone", profile.timeZone),
        ])
    }

    static func profile(_ text: String) throws -> Customer.Profile {
        let fields = try FlatJSON.map(text)
        return Customer.Profile(
            name: fields["name"], language: fields["language"], timeZone: fields["timeZone"],
            household: fields["household"], owner: fields["owner"])
    }
}
