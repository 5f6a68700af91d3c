import Foundation

extension ContactPolicy {
    /// Reads and compiles a policy file.
    ///
    /// - Throws: `PolicyFileError`; for a file that can't be read or isn't UTF-8, with one problem at no line.
    package init(contentsOf path: String, zones: ZoneDatabase = .system) throws(PolicyFileError) {
        try self.init(yaml: PolicyText.read(path, maximumSize: YAMLDocument.maximumSize), file: path, zones: zones)
    }
}

/// Reads the text files that policies and cases are written in.
enum PolicyText {
    /// - Throws: `PolicyFileError` when the file is missing, too large or not UTF-8.
    static func read(_ path: String, maximumSize: Int) throws(PolicyFileError) -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw refusal(path, "the file can't be opened")
        }
        defer { try? handle.close() }
        // One byte more than may be: a file that is too large is told from one that just fits without reading it all.
        guard let data = try? handle.read(upToCount: maximumSize + 1) ?? Data() else {
            throw refusal(path, "the file can't be read")
        }
        guard data.count <= maximumSize else { throw refusal(path, "expected at most \(maximumSize) bytes") }
        guard let text = String(validating: data, as: UTF8.self) else { throw refusal(path, "expected UTF-8 text") }
        return text
    }

    private static func refusal(_ path: String, _ message: String) -> PolicyFileError {
        PolicyFileError(file: path, problems: [.init(line: 0, column: 0, path: "", message: message)])
    }
}
