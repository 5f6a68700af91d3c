/// Finds where a mapping names a key for the second time; the library only tells where it stands first.
package enum RepeatedKey {
    /// - Parameters:
    ///   - line: of the key's first place, from 1, as `column`.
    /// - Returns: the second place; `nil` when it can't be told from the text alone, as after an alias.
    package static func second(
        of key: String, line: Int, column: Int, in text: String
    ) -> (line: Int, column: Int)? {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { Array($0) }
        guard lines.indices.contains(line - 1), lines[line - 1].count >= column, column > 0 else { return nil }
        let before = lines[line - 1][..<(column - 1)].last { $0 != " " }
        return before == "{" || before == ","
            ? inFlow(key, from: (line - 1, column - 1), lines) : inBlock(key, from: (line - 1, column - 1), lines)
    }

    /// `key:` a word to a line, all in one column; a line that begins before it ends the mapping.
    private static func inBlock(
        _ key: String, from first: (line: Int, column: Int), _ lines: [[Character]]
    ) -> (line: Int, column: Int)? {
        for index in lines.indices.dropFirst(first.line + 1) {
            guard let begin = lines[index].firstIndex(where: { $0 != " " }), lines[index][begin] != "#" else {
                continue
            }
            if begin < first.column { return nil }
            if begin == first.column, names(key, lines[index][begin...]) { return (index + 1, begin + 1) }
        }
        return nil
    }

    /// `{key: 1, key: 2}`, over as many lines as it takes.
    private static func inFlow(
        _ key: String, from first: (line: Int, column: Int), _ lines: [[Character]]
    ) -> (line: Int, column: Int)? {
        var depth = 0
        var quote: Character?
        var isKeyNext = false
        for line in lines.indices.dropFirst(first.line) {
            for column in lines[line].indices.dropFirst(line == first.line ? first.column : 0) {
                let character = lines[line][column]
                if let open = quote {
                    if character == open { quote = nil }
                    continue
                }
                if isKeyNext, character != " " {
                    isKeyNext = false
                    if names(key, lines[line][column...]) { return (line + 1, column + 1) }
                }
                switch character {
                case "\"", "'": quote = character
                case "{", "[": depth += 1
                case "}", "]": depth -= 1
                case ",": isKeyNext = depth == 0
                default: break
                }
                if depth < 0 { return nil }
            }
        }
        return nil
    }

    /// Whether a mapping's entry begins here whose key is this one, plain or in quotes.
    private static func names(_ key: String, _ rest: ArraySlice<Character>) -> Bool {
        for written in [key, "\"\(key)\"", "'\(key)'"] where rest.starts(with: written) {
            let after = rest.dropFirst(written.count).drop { $0 == " " }
            if after.first == ":" { return true }
        }
        return false
    }
}
