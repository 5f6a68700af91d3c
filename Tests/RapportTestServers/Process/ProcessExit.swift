/// How a process ended.
package enum ProcessExit: Sendable, Equatable, CustomStringConvertible {
    case exited(Int)
    case killed(signal: Int)

    /// Decodes what `waitpid` reports.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited(Int((waitStatus >> 8) & 0xFF)) : .killed(signal: Int(signal))
    }

    package var code: Int? {
        if case .exited(let code) = self { code } else { nil }
    }

    package var description: String {
        switch self {
        case .exited(let code): "exit \(code)"
        case .killed(let signal): "signal \(signal)"
        }
    }
}
