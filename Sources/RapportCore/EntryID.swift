/// Names an entry of the consent ledger (`k17`, `k17.2`) or a suppression (`s17`): the interaction that made it, and
/// which of that interaction's entries it is, counted from 0 and shown when it is not the first.
package struct EntryID: Hashable, Comparable, Sendable, Codable {
    package var position: Int64
    package var ordinal: Int

    package init(position: Int64, ordinal: Int = 0) {
        self.position = position
        self.ordinal = ordinal
    }

    /// The text form with the letter of the entry's kind: `k` for consent, `s` for a suppression.
    package func text(_ prefix: String) -> String {
        ordinal == 0 ? prefix + String(position) : "\(prefix)\(position).\(ordinal)"
    }

    /// Reads the text form with that letter; `nil` for what is none.
    package init?(_ text: String, prefix: String) {
        let parts = text.dropFirst(prefix.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let position = Int64(first), let ordinal = parts.count == 2 ? Int(parts[1]) : 0
        else { return nil }
        self.init(position: position, ordinal: ordinal)
        // A sign, a blank, a needless zero or another letter is not how it is written.
        guard position >= 0, ordinal >= 0, self.text(prefix) == text else { return nil }
    }

    package static func < (lhs: EntryID, rhs: EntryID) -> Bool {
        (lhs.position, lhs.ordinal) < (rhs.position, rhs.ordinal)
    }
}
