package import RapportCore

extension JSONValue {
    /// An object without the members that have no value.
    package static func fields(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    package static func text(_ value: (some CustomStringConvertible)?) -> JSONValue? {
        value.map { .string($0.description) }
    }

    package static func time(_ value: Timestamp?) -> JSONValue? {
        value.map { .string($0.rfc3339) }
    }

    package static func count(_ value: Int) -> JSONValue { .number("\(value)") }

    /// Members sorted by name.
    package static func texts(_ values: [String: String]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }

    package static func counts(_ values: [String: Int]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { Member($0.key, .count($0.value)) })
    }
}
