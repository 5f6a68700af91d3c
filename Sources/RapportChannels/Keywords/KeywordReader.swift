/// Finds what a customer asks of the hub itself in the words of a message. Pure.
package struct KeywordReader: Sendable {
    /// Understands `KeywordTable.standard`.
    package static let standard = KeywordReader()

    private let stop: Set<String>
    private let start: Set<String>
    private let help: Set<String>
    private let spaced: PhraseTable<String>
    private let joined: PhraseTable<Unicode.Scalar>

    /// - Parameter tables: all of them are understood at once, whatever language the customer is known to speak.
    package init(tables: [KeywordTable] = KeywordTable.standard) {
        func fold(_ words: [String]) -> Set<String> {
            Set(words.map { FoldedText($0).joined }.filter { !$0.isEmpty })
        }
        stop = fold(tables.flatMap(\.stop))
        // A word that some table has as a stop is never a start or a cry for help in another.
        start = fold(tables.flatMap(\.start)).subtracting(stop)
        help = fold(tables.flatMap(\.help)).subtracting(stop)
        spaced = PhraseTable(
            OptOutPhrases.spaced.map { FoldedText($0).words }, unlessAfter: OptOutPhrases.negations.map { [$0] })
        joined = PhraseTable(
            OptOutPhrases.joined.map { Array(FoldedText($0).joined.unicodeScalars) },
            unlessAfter: OptOutPhrases.joinedNegations.map { Array($0.unicodeScalars) })
    }

    /// A keyword when the message is nothing else, a probable stop when it reads like a plea, otherwise `nil`.
    ///
    /// The `keyword` of the answer is the folded form (`stop`), safe to log and to count.
    package func request(in text: String) -> CustomerRequest? {
        let folded = FoldedText(text)
        let word = folded.joined
        if stop.contains(word) { return .stop(keyword: word) }
        if start.contains(word) { return .start(keyword: word) }
        if help.contains(word) { return .help(keyword: word) }
        return isPlea(folded) ? .probableStop : nil
    }

    private func isPlea(_ text: FoldedText) -> Bool {
        if text.words.contains(where: stop.contains),
            text.words.allSatisfy({ stop.contains($0) || OptOutPhrases.courtesies.contains($0) })
        {
            return true
        }
        return spaced.isFound(in: text.words) || joined.isFound(in: Array(text.joined.unicodeScalars))
    }
}
