import Yams

/// A place in a YAML file that is being read strictly: every question either has an answer or throws `YAMLProblem`
/// with the line and the column.
package struct YAMLValue {
    let node: Node
    package let file: String

    /// Files longer than this are not looked at.
    package static let sizeLimit = 4 << 20

    /// Reads one document.
    ///
    /// - Parameter sizeLimit: in bytes.
    package static func parse(_ text: String, file: String, sizeLimit: Int = sizeLimit) throws -> YAMLValue {
        guard text.utf8.count <= sizeLimit else {
            throw YAMLProblem(
                file: file, line: 1, column: 1, message: "the file is larger than \(sizeLimit >> 10) KiB")
        }
        do {
            // Without the rules that guess types: nobody asks for them, and they are regular expressions.
            guard let node = try Yams.compose(yaml: text, .basic) else {
                throw YAMLProblem(file: file, line: 1, column: 1, message: "the file is empty")
            }
            return YAMLValue(node: node, file: file)
        } catch let error as YamlError {
            throw YAMLProblem(yams: error, file: file)
        }
    }

    /// A problem at this place.
    package func problem(_ message: String) -> YAMLProblem {
        YAMLProblem(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message: message)
    }

    package var isNull: Bool {
        node.scalar.map { $0.style == .plain && ["", "~", "null"].contains($0.string) } ?? false
    }

    package var isMapping: Bool { node.mapping != nil }

    package var isText: Bool { node.scalar != nil }

    /// A mapping that may have these keys and no others.
    ///
    /// - Parameter what: what a reader who wrote something else is told to write.
    package func mapping(keys: [String], _ what: String? = nil) throws -> YAMLMapping {
        let mapping = try openMapping(what)
        for (key, place) in mapping.keys where !keys.contains(key) {
            throw place.problem("unknown key ‘\(key)’" + NearestWord.hint(for: key, among: keys))
        }
        return mapping
    }

    /// A mapping whose keys are names of the writer's choice.
    package func openMapping(_ what: String? = nil) throws -> YAMLMapping {
        guard let mapping = node.mapping else {
            throw problem("expected a mapping" + (what.map { ": \($0)" } ?? " (key: value)"))
        }
        var result = YAMLMapping(place: self)
        for (key, value) in mapping {
            let place = YAMLValue(node: key, file: file)
            guard let name = key.scalar?.string else { throw place.problem("expected a word as a key") }
            guard result.values[name] == nil else { throw place.problem("the key ‘\(name)’ stands here twice") }
            result.keys.append((name, place))
            result.values[name] = YAMLValue(node: value, file: file)
        }
        return result
    }

    package func list(_ what: String = "a list") throws -> [YAMLValue] {
        guard let sequence = node.sequence else { throw problem("expected \(what)") }
        return sequence.map { YAMLValue(node: $0, file: file) }
    }

    package func string(_ what: String = "text") throws -> String {
        guard let scalar = node.scalar, !isNull else { throw problem("expected \(what)") }
        return scalar.string
    }

    package func int(in range: ClosedRange<Int> = 0...Int.max, _ what: String = "a whole number") throws -> Int {
        guard let scalar = node.scalar, let number = Int(scalar.string), range.contains(number) else {
            throw problem(
                "expected \(what)"
                    + (range == 0...Int.max ? "" : " from \(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    package func bool(_ what: String? = nil) throws -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw problem("expected " + (what.map { "\($0): " } ?? "") + "true or false")
        }
    }

    /// A word of a closed list.
    package func word<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type
    ) throws -> Word where Word.RawValue == String {
        try word(among: Word.allCases.map { $0 })
    }

    /// One of these words.
    package func word<Word: RawRepresentable>(among words: [Word]) throws -> Word where Word.RawValue == String {
        let text = try string()
        guard let word = words.first(where: { $0.rawValue == text }) else {
            throw problem("‘\(text)’ is not known here" + NearestWord.hint(for: text, among: words.map(\.rawValue)))
        }
        return word
    }

    /// `90s`, `15m`, `4h`, `7d`, in seconds.
    package func seconds(in range: ClosedRange<Int64> = 1...315_360_000) throws -> Int64 {
        let text = try string()
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()) else {
            throw problem("expected a duration such as 90s, 15m, 4h or 7d")
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, range.contains(product) else {
            throw problem(
                "expected a duration from \(Self.duration(range.lowerBound)) to \(Self.duration(range.upperBound))")
        }
        return product
    }

    /// In the longest unit that divides it.
    private static func duration(_ seconds: Int64) -> String {
        for (unit, length) in [("d", 86400), ("h", 3600), ("m", 60)] as [(String, Int64)] where seconds % length == 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    /// `512`, `64KiB`, `25MiB`, in bytes.
    package func bytes(in range: ClosedRange<Int> = 1...(1 << 40)) throws -> Int {
        let text = try string()
        let units: [(String, Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)]
        for (suffix, factor) in units where text.hasSuffix(suffix) {
            guard let number = Int(text.dropLast(suffix.count)) else { break }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, range.contains(product) else {
                throw problem("expected a size from \(range.lowerBound) to \(range.upperBound) bytes")
            }
            return product
        }
        throw problem("expected a size such as 64KiB or 25MiB")
    }
}

extension YAMLProblem {
    init(yams error: YamlError, file: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, column: mark.column, message: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let name = duplicates.first ?? ""
            let first = (line: context.mark.line, column: context.mark.column)
            let place =
                RepeatedKey.second(of: name, line: first.line, column: first.column, in: context.text) ?? first
            self.init(
                file: file, line: place.line, column: place.column, message: "the key ‘\(name)’ stands here twice")
        default:
            self.init(file: file, line: 1, column: 1, message: "not readable as YAML in UTF-8")
        }
    }
}
