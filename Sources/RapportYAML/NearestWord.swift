/// Finds what somebody most likely meant to write.
package enum NearestWord {
    /// The closest of `words` within a third of the length of what was written, at least two letters off at most.
    package static func to(_ written: String, among words: some Sequence<String>) -> String? {
        let reach = max(2, written.count / 3)
        let ranked = words.map { (word: $0, distance: distance(written.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= reach }
        return ranked.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
    }

    /// `; did you mean ‘x’?`, or the whole list when nothing is close.
    package static func hint(for written: String, among words: some Sequence<String>) -> String {
        if let nearest = to(written, among: words) { return "; did you mean ‘\(nearest)’?" }
        let list = words.sorted().prefix(30).joined(separator: ", ")
        return list.isEmpty ? "" : "; expected one of: \(list)"
    }

    /// How many letters must be inserted, deleted or replaced (Levenshtein 1965). Long words are cut, not compared whole.
    static func distance(_ lhs: String, _ rhs: String) -> Int {
        let left = Array(lhs.unicodeScalars.prefix(64))
        let right = Array(rhs.unicodeScalars.prefix(64))
        var previous = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (scalar == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
