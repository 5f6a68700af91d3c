import Foundation
import RapportCore

/// The results of a run, and how they are shown.
package struct PolicyCaseReport: Hashable, Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// For people: what failed, and how many passed.
        case plain
        /// Test Anything Protocol, version 14.
        case tap
        /// One document.
        case json
    }

    package var results: [PolicyCaseResult]

    package init(results: [PolicyCaseResult]) {
        self.results = results
    }

    package var failed: Int { results.count { !$0.passed } }

    /// A command exits with failure when this is false.
    package var passed: Bool { failed == 0 }

    /// The whole text, with a line feed at its end.
    package func text(_ format: Format) -> String {
        switch format {
        case .plain: plain
        case .tap: tap
        case .json: json
        }
    }

    private var plain: String {
        var lines: [String] = []
        for result in results where !result.passed {
            lines.append("FAILED  " + (result.file.map { $0 + ": " } ?? "") + "\(result.name) (at \(result.now))")
            lines += result.differences.map { "        " + $0 }
        }
        lines.append("\(results.count - failed) of \(results.count) passed")
        return lines.map { PolicyCaseReport.oneLine($0) + "\n" }.joined()
    }

    private var tap: String {
        var lines = ["TAP version 14", "1..\(results.count)"]
        for (index, result) in results.enumerated() {
            // A backslash and a number sign have a meaning in descriptions, and must be escaped.
            let name = PolicyCaseReport.oneLine(result.name).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
            lines.append("\(result.passed ? "ok" : "not ok") \(index + 1) - \(name) (at \(result.now))")
            guard !result.passed else { continue }
            lines.append("  ---")
            if let file = result.file { lines.append("  file: \(PolicyCaseReport.quoted(file))") }
            lines.append("  differences:")
            lines += result.differences.map { "    - \(PolicyCaseReport.quoted($0))" }
            lines.append("  ...")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private struct Document: Encodable {
        struct Row: Encodable {
            var file: String?
            var name: String
            var now: String
            var passed: Bool
            var differences: [String]
            var policyVersion: String
        }
        var passed: Int
        var failed: Int
        var results: [Row]
    }

    private var json: String {
        let rows = results.map { result in
            Document.Row(
                file: result.file, name: result.name, now: result.now.rfc3339, passed: result.passed,
                differences: result.differences, policyVersion: result.policyVersion)
        }
        return JSONText.line(Document(passed: results.count - failed, failed: failed, results: rows))
    }

    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }

    /// A YAML scalar in single quotes.
    private static func quoted(_ text: String) -> String {
        "'" + oneLine(text).replacing("'", with: "''") + "'"
    }
}

/// Writes a value as one line of JSON, always with the same order of keys.
enum JSONText {
    static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only numbers that JSON has no words for can fail, and these values hold none.
        let data = (try? encoder.encode(value)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
