import RapportYAML

/// Where something stands in a file that people write.
package struct Place: Hashable, Sendable, CustomStringConvertible {
    /// As the caller named it.
    package var file: String
    /// From 1; `nil` when the file as a whole is meant.
    package var line: Int?
    /// From 1.
    package var column: Int?

    package init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    init(_ value: YAMLValue) {
        let here = value.problem("")
        self.init(file: here.file, line: here.line, column: here.column)
    }

    /// `rapport.yaml:12:5`
    package var description: String {
        ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
    }
}
