/// Finds what somebody probably meant.
enum NearestWord {
    /// `, did you mean X?` when a word is at most two edits away (one for short ones, none for the shortest), otherwise
    /// empty.
    static func hint(for word: String, among words: some Sequence<String>) -> String {
        let limit = word.count <= 2 ? 0 : word.count <= 4 ? 1 : 2
        let best = words.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= limit }.min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        return best.map { ", did you mean \($0.word)?" } ?? ""
    }

    /// Levenshtein's, with neighbours changing places as one edit.
    private static func distance(_ lhs: String, _ rhs: String) -> Int {
        let lhs = Array(lhs.prefix(64))
        let rhs = Array(rhs.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...rhs.count)
        for row in lhs.indices {
            var current = [row + 1]
            for column in rhs.indices {
                var least = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (lhs[row] == rhs[column] ? 0 : 1))
                if row > 0, column > 0, lhs[row] == rhs[column - 1], lhs[row - 1] == rhs[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            beforeLast = last
            last = current
        }
        return last[rhs.count]
    }
}
