/// Many phrases to be found in one pass over a text; at each place only those are compared that begin with what stands
/// there, so that the work grows with the text and not with the number of phrases.
struct PhraseTable<Element: Hashable & Sendable>: Sendable {
    private let byFirst: [Element: [[Element]]]
    private let negations: [[Element]]

    /// - Parameter negations: right before a phrase, these turn it round.
    init(_ phrases: [[Element]], unlessAfter negations: [[Element]]) {
        var byFirst: [Element: [[Element]]] = [:]
        for phrase in Set(phrases) {
            if let first = phrase.first { byFirst[first, default: []].append(phrase) }
        }
        self.byFirst = byFirst
        self.negations = negations
    }

    /// Whether a phrase stands there that is not turned round.
    func isFound(in text: [Element]) -> Bool {
        text.indices.contains { index in
            guard let phrases = byFirst[text[index]], phrases.contains(where: text[index...].starts) else {
                return false
            }
            return !negations.contains { text[..<index].reversed().starts(with: $0.reversed()) }
        }
    }
}
