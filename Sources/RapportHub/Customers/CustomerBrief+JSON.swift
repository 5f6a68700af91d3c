package import RapportChannels
import RapportCore

extension CustomerBrief {
    /// Members sorted by name; absent values are left out.
    package var json: JSONValue {
        .fields([
            ("addresses", .array(addresses.map { .string($0) })), ("at", .time(at)), ("attributes", .texts(attributes)),
            ("customer", .text(customer)), ("erased", .bool(erased)), ("household", .text(household)),
            ("language", .text(language)), ("lastContacts", .array(lastContacts.map(\.json))), ("name", .text(name)),
            ("open", .array(open.map(\.json))), ("owner", .text(owner)), ("pausedUntil", .time(pausedUntil)),
            ("preferences", .array(preferences.map(\.json))), ("promises", .array(promises.map(\.json))),
            ("suppressed", .array(suppressed.map(\.json))), ("tags", .array(tags.map { .string($0) })),
            ("timeZone", .text(timeZone)),
        ])
    }
}

extension CustomerBrief.OpenItem {
    fileprivate var json: JSONValue {
        .fields([
            ("dueAt", .time(dueAt)), ("id", .text(id)), ("kind", .string(kind)), ("openedAt", .time(openedAt)),
            ("overdue", .bool(overdue)), ("owner", .text(owner)), ("summary", .string(summary)),
        ])
    }
}

extension CustomerBrief.Promise {
    fileprivate var json: JSONValue {
        .fields([("at", .time(at)), ("by", .text(by)), ("interaction", .text(interaction)), ("text", .string(text))])
    }
}

extension CustomerBrief.Preference {
    fileprivate var json: JSONValue {
        .fields([
            ("allowed", .array(allowed.map { .string($0) })), ("refused", .array(refused.map { .string($0) })),
            ("title", .string(title)), ("topic", .string(topic)),
            ("unconfirmed", .array(unconfirmed.map { .string($0) })),
        ])
    }
}

extension CustomerBrief.SuppressedAddress {
    fileprivate var json: JSONValue {
        .fields([("address", .string(address)), ("at", .time(at)), ("reason", .string(reason.rawValue))])
    }
}

extension CustomerBrief.Contact {
    fileprivate var json: JSONValue {
        .fields([
            ("at", .time(at)), ("channel", .string(channel.rawValue)), ("direction", .string(direction.rawValue)),
            ("interaction", .text(interaction)), ("kind", .text(kind)), ("summary", .text(summary)),
        ])
    }
}
