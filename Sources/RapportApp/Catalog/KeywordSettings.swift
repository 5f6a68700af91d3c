import RapportChannels
import RapportYAML

/// Words of a business's own beside those that everybody's customers use:
///
///     keywords: { stop: [storno], start: [weiter], help: [hilfe] }
struct KeywordSettings: Sendable {
    private(set) var table = KeywordTable(language: "und")

    /// Understands the standard words, too.
    var reader: KeywordReader { KeywordReader(tables: KeywordTable.standard + [table]) }

    init(_ value: YAMLValue?) throws {
        guard let map = try value?.mapping(keys: ["stop", "start", "help"]) else { return }
        func words(_ key: String) throws -> [String] {
            try map[key]?.list().map { word in
                let text = try word.string()
                guard !FoldedText(text).joined.isEmpty else { throw word.problem("expected a word") }
                return text
            } ?? []
        }
        table.stop = try words("stop")
        table.start = try words("start")
        table.help = try words("help")
    }

    var described: (key: String, value: String) {
        let words = [("stop", table.stop), ("start", table.start), ("help", table.help)].filter { !$0.1.isEmpty }
        return (
            "keywords",
            (["the usual ones"] + words.map { "\($0.0): \($0.1.joined(separator: " "))" }).joined(separator: ", ")
        )
    }
}
