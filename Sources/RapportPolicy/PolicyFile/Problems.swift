import RapportYAML

/// Collects what is wrong with a document while it is read, so that its author hears everything at once.
final class Problems {
    private static let maximum = 50

    private(set) var all: [PolicyFileError.Problem] = []

    func report(_ position: DocumentNode.Position, _ path: String, _ message: String, nearest: String? = nil) {
        all.append(
            PolicyFileError.Problem(
                line: position.line, column: position.column, path: path, message: message, nearest: nearest))
    }

    /// Reports a word that is none of the valid ones. Always `nil`.
    func unknown<Word>(
        _ word: String, at position: DocumentNode.Position, _ path: String, _ what: String, valid: [String]
    ) -> Word? {
        let nearest = NearestWord.nearest(to: word, in: valid)
        let list = valid.count <= 16 ? ": expected " + valid.joined(separator: ", ") : ""
        report(position, path, "unknown \(what) \(DocumentNode.shown(word))\(list)", nearest: nearest)
        return nil
    }

    /// - Throws: `PolicyFileError` when anything was reported.
    func throwIfAny(file: String?) throws(PolicyFileError) {
        guard !all.isEmpty else { return }
        let sorted = all.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        throw PolicyFileError(file: file, problems: Array(sorted.prefix(Problems.maximum)))
    }
}
