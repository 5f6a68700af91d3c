/// Where one planned message stands. Counts always balance: planned is every other state added up.
package enum DispatchState: String, Sendable, Codable, CaseIterable, Hashable {
    case planned
    /// Waits until an instant that a rule or a retry named.
    case deferred
    /// Allowed by a verdict and reserved for one worker; nothing has left yet.
    case claimed
    /// Committed before the first byte leaves.
    case handedOff
    /// Was in flight when its sender died or the line broke: may have left.
    case unknown
    case accepted
    case failed
    case delivered
    case bounced
    case skipped
    case cancelled

    /// Whether the contact policy counts it against caps, gaps and duplicates (policy.md, last section).
    package var counts: Bool {
        switch self {
        case .claimed, .handedOff, .accepted, .delivered, .bounced, .unknown: true
        case .planned, .deferred, .failed, .skipped, .cancelled: false
        }
    }

    /// Whether nothing but a late receipt can change it any more.
    package var isFinal: Bool {
        switch self {
        case .accepted, .delivered, .bounced, .failed, .unknown, .skipped, .cancelled: true
        case .planned, .deferred, .claimed, .handedOff: false
        }
    }

    /// What a receipt makes of this state: the greater of the two in the order of certainty, so that receipts may come
    /// in any order and any number of times and end in the same state. States in which nothing has left don't move.
    package func joined(with evidence: DispatchState) -> DispatchState {
        guard let mine = certainty, let theirs = evidence.certainty else { return self }
        return theirs > mine ? evidence : self
    }

    /// How much is known of what became of a message that left.
    private var certainty: Int? {
        switch self {
        case .handedOff: 0
        case .unknown: 1
        case .accepted: 2
        case .failed: 3
        case .delivered: 4
        case .bounced: 5
        case .planned, .deferred, .claimed, .skipped, .cancelled: nil
        }
    }
}
