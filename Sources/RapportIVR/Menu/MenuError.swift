/// Why a menu file is refused, with the place.
package struct MenuError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// From 1; 0 when the file as a whole is meant.
    package var line: Int
    package var column: Int
    package var problem: String

    package init(file: String, line: Int = 0, column: Int = 0, problem: String) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
    }

    package var description: String {
        line == 0 ? "\(file): \(problem)" : "\(file):\(line):\(column): \(problem)"
    }
}
