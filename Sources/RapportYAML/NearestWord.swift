/// Finds what somebody most likely meant to write.
package enum NearestWord {
    /// The valid word with the fewest slips between it and `word`, when they are few for its length; the first of
    /// several in the order given. Upper and lower case are one.
    package static func nearest(to word: String, in valid: some Sequence<String>) -> String? {
        let scalars = Array(word.lowercased().unicodeScalars.prefix(64))
        var best: (word: String, slips: Int)?
        for candidate in valid {
            let slips = slips(scalars, Array(candidate.lowercased().unicodeScalars.prefix(64)))
            if slips < best?.slips ?? .max { best = (candidate, slips) }
        }
        // Of one or two letters nothing is left when one of them is wrong.
        guard let best, best.slips <= (scalars.count < 3 ? 0 : max(1, scalars.count / 3)) else { return nil }
        return best.word
    }

    /// `; did you mean ‘x’?`, or the whole list when nothing is close.
    package static func hint(for word: String, among valid: some Sequence<String>) -> String {
        if let nearest = nearest(to: word, in: valid.sorted()) { return "; did you mean ‘\(nearest)’?" }
        let list = valid.sorted().prefix(30).joined(separator: ", ")
        return list.isEmpty ? "" : "; expected one of: \(list)"
    }

    /// Letters to insert, delete, replace or swap with their neighbour: the optimal string alignment distance.
    private static func slips(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    previous[column] + (scalar == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
