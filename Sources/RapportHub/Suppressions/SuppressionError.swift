package import RapportCore

/// Why a suppression can't be added or lifted. Sentences for people, without addresses.
package enum SuppressionError: Error, Hashable, Sendable, CustomStringConvertible {
    case hubsOwn
    case notYet
    case over
    case notSuppressed(Suppression.Reason)
    case customersWord(Suppression.Reason)
    case keptForErased

    package var description: String {
        switch self {
        case .hubsOwn:
            "‘invalid’ is the hub's own finding, when a server refuses the address; add it as hard-bounce or manual"
        case .notYet: "the time since when it holds is still to come"
        case .over: "the time until which it holds is over"
        case .notSuppressed(let reason): "the address is not suppressed for ‘\(reason.rawValue)’"
        case .customersWord(.stop):
            "a STOP is the customer's own word: a START from the number lifts it, and nobody else does"
        case .customersWord(let reason): "a \(reason.rawValue) is the customer's own word, and stays"
        case .keptForErased: "it stands for the address of an erased customer, and stays"
        }
    }
}

extension Suppression.Reason {
    /// Whether a colleague or another system may lift it. What the customer has said is not theirs to take back.
    var isLiftable: Bool {
        switch self {
        case .hardBounce, .invalid, .manual: true
        case .stop, .complaint: false
        }
    }
}
