import RapportCore

/// What mails and calls change most often, as an object of strings: a general encoder takes longer over them than the
/// store over their rows.
enum FlatEffect {
    static func encode(_ followUp: FollowUp) -> String {
        var fields = [
            "id": String(followUp.id.number), "customer": String(followUp.customer.number), "kind": followUp.kind,
            "state": followUp.state.rawValue, "summary": followUp.summary,
            "openedAt": String(followUp.openedAt.milliseconds),
        ]
        fields["owner"] = followUp.owner
        fields["dueAt"] = followUp.dueAt.map { String($0.milliseconds) }
        fields["closedAt"] = followUp.closedAt.map { String($0.milliseconds) }
        fields["resolution"] = followUp.resolution
        fields["conversation"] = followUp.conversation
        return FlatJSON.encode(fields) ?? "{}"
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
        var fields: [String: String] = [:]
        fields["name"] = profile.name
        fields["language"] = profile.language
        fields["timeZone"] = profile.timeZone
        fields["household"] = profile.household
        fields["owner"] = profile.owner
        return FlatJSON.encode(fields) ?? "{}"
    }

    static func profile(_ text: String) throws -> Customer.Profile {
        let fields = try FlatJSON.map(text)
        return Customer.Profile(
            name: fields["name"], language: fields["language"], timeZone: fields["timeZone"],
            household: fields["household"], owner: fields["owner"])
    }
}
