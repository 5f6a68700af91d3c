import RapportChannels
import RapportCore

extension Customer {
    var json: JSONValue {
        .fields([
            ("id", .text(id)), ("name", .text(profile.name)), ("language", .text(profile.language)),
            ("timeZone", .text(profile.timeZone)), ("household", .text(profile.household)),
            ("owner", .text(profile.owner)), ("tags", .array(profile.tags.sorted().map { .string($0) })),
            ("attributes", .texts(profile.attributes)), ("quietHours", profile.quietHours?.json),
            ("pausedUntil", .time(profile.pausedUntil)),
            ("addresses", .array(addresses.map { .string($0.deliverableURI) })), ("erased", .bool(erased)),
        ])
    }
}

extension QuietHours {
    fileprivate var json: JSONValue {
        .fields([("from", .string(Self.clock(from))), ("to", .string(Self.clock(to)))])
    }

    private static func clock(_ minutes: Int) -> String {
        "\(minutes < 600 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
}

extension Interaction {
    /// Without the payload.
    var json: JSONValue {
        .fields([
            ("id", .text(id)), ("customer", .text(customer)), ("channel", .string(channel.rawValue)),
            ("adapter", .string(adapter)), ("direction", .string(direction.rawValue)), ("kind", .text(kind)),
            ("occurredAt", .time(occurredAt)), ("recordedAt", .time(recordedAt)), ("from", .text(from)),
            ("to", .text(to)), ("subject", .text(subject)), ("text", .text(text)), ("attributes", .texts(attributes)),
            ("sourceID", .text(sourceID)), ("campaign", .text(references.campaign)),
            ("occurrence", .text(references.occurrence)), ("dispatch", .text(references.dispatch)),
            ("conversation", .text(references.conversation)), ("inReplyTo", .text(references.inReplyTo)),
        ])
    }
}

extension FollowUp {
    func json(at now: Timestamp) -> JSONValue {
        .fields([
            ("id", .text(id)), ("customer", .text(customer)), ("kind", .string(kind)),
            ("state", .string(state.rawValue)), ("summary", .string(summary)), ("owner", .text(owner)),
            ("openedAt", .time(openedAt)), ("dueAt", .time(dueAt)), ("overdue", .bool(isOverdue(at: now))),
            ("closedAt", .time(closedAt)), ("resolution", .text(resolution)), ("conversation", .text(conversation)),
        ])
    }
}
