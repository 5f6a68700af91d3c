import Foundation

/// What is known of the terminal that a command prints to.
enum Terminal {
    static let isInteractive = isatty(STDOUT_FILENO) == 1
    static let errorIsInteractive = isatty(STDERR_FILENO) == 1

    /// Colours only for a person, and not for one who declined them (no-color.org).
    static let hasColours =
        isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Columns; 100 when nobody says.
    static var width: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 100
    }

    /// Ends the process when nobody reads any more, as in `rapport log | head`: there is no one to tell the rest.
    static func line(_ text: String = "") {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            exit(readerIsGone)
        }
    }

    /// A line on standard output that may as well be lost.
    static func announce(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    static func error(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// What a shell makes of a process that SIGPIPE ended.
    private static let readerIsGone: Int32 = 141
}

/// Emphasis that vanishes where it would only be noise.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func callAsFunction(_ text: String) -> String {
        Terminal.hasColours ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
