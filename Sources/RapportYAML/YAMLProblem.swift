/// What is wrong with a file that people write, and where. The file is refused as a whole.
package struct YAMLProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// As the caller named it.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int
    /// What was found and what was expected, in one sentence.
    package var message: String

    package init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `rapport.yaml:12:5: unknown key ‘adaptors’; did you mean ‘adapters’?`
    package var description: String { "\(file):\(line):\(column): \(message)" }
}
