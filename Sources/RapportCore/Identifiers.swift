/// The number behind an id that is shown outside with a letter in front, such as `c42`.
///
/// Numbers come from log positions (customers, interactions, consent entries, suppressions, follow-ups) or from the
/// dispatch table's own counter; they are never random, so rows are appended where the last one was.
package struct EntityID<Kind: EntityKind>: Hashable, Comparable, Sendable {
    package var number: Int64

    package init(_ number: Int64) {
        self.number = number
    }

    /// Reads the text form; `nil` when the letter is another kind's or the rest is not a number.
    package init?(_ text: String) {
        guard text.utf8.first == Kind.prefix.utf8.first, let number = Int64(text.dropFirst()), number >= 0 else {
            return nil
        }
        self.number = number
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

extension EntityID: CustomStringConvertible {
    package var description: String { Kind.prefix + String(number) }
}

extension EntityID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected an id such as \(Kind.prefix)42")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What an id stands for; gives the letter of its text form.
package protocol EntityKind {
    static var prefix: String { get }
}

package enum CustomerKind: EntityKind { package static let prefix = "c" }
package enum InteractionIDKind: EntityKind { package static let prefix = "i" }
package enum DispatchKind: EntityKind { package static let prefix = "d" }
package enum FollowUpKind: EntityKind { package static let prefix = "f" }

/// A customer: the position of the interaction that created it.
package typealias CustomerID = EntityID<CustomerKind>
/// An interaction: its position in the log, from 1, without reuse.
package typealias InteractionID = EntityID<InteractionIDKind>
/// A dispatch: counted by the dispatch table.
package typealias DispatchID = EntityID<DispatchKind>
/// A follow-up: the position of the interaction that opened it.
package typealias FollowUpID = EntityID<FollowUpKind>
