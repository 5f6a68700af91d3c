import Foundation

/// Who acts at the command line, as the log names them: `$RAPPORT_USER`, else `$USER`.
enum Author {
    static var name: String { name(in: ProcessInfo.processInfo.environment) }

    static func name(in environment: [String: String]) -> String {
        for variable in ["RAPPORT_USER", "USER"] {
            let name = environment[variable].map { PlainText.line($0).filter { $0 != "\n" } } ?? ""
            if name.contains(where: { !$0.isWhitespace }) { return String(name.prefix(100)) }
        }
        return "cli"
    }
}
