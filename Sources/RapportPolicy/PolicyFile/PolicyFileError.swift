/// Why a policy file or a file of cases was refused. It is refused as a whole: nothing of it is used.
package struct PolicyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong.
    package struct Problem: Hashable, Sendable, Codable, CustomStringConvertible {
        /// From 1; 0 when the file could not be read at all.
        package var line: Int
        /// In Unicode scalars, from 1; 0 when the file could not be read at all.
        package var column: Int
        /// Where in the document: `rules[2].cap.per`; empty for the whole.
        package var path: String
        /// What was expected, and what was found instead.
        package var message: String
        /// The valid word that is nearest to the one found, if one is near.
        package var nearest: String?

        package init(line: Int, column: Int, path: String, message: String, nearest: String? = nil) {
            self.line = line
            self.column = column
            self.path = path
            self.message = message
            self.nearest = nearest
        }

        package var description: String {
            let place = line == 0 ? "" : "\(line):\(column): "
            let hint = nearest.map { "; did you mean \($0)?" } ?? ""
            return place + (path.isEmpty ? "" : path + ": ") + message + hint
        }
    }

    /// The file's name as it was given; `nil` for text that came from no file.
    package var file: String?
    /// At least one, in the order of their places; no more than the first fifty.
    package var problems: [Problem]

    package init(file: String? = nil, problems: [Problem]) {
        self.file = file
        self.problems = problems
    }

    /// One line a problem: `policy.yaml:12:9: rules[2].cap: …`.
    package var description: String {
        problems.map { problem in (file.map { $0 + (problem.line == 0 ? ": " : ":") } ?? "") + problem.description }
            .joined(separator: "\n")
    }
}
