import Foundation

extension Terminal {
    /// Whether there is somebody who could answer.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && errorIsInteractive }

    /// Asks on standard error; only a yes is one.
    static func agrees(_ question: String) -> Bool {
        try? FileHandle.standardError.write(contentsOf: Data((PlainText.line(question) + " [y/N] ").utf8))
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
