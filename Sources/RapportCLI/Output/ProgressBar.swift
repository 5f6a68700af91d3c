import Foundation
import Synchronization

/// A bar on standard error for work that takes long; silent when nobody is watching.
final class ProgressBar: Sendable {
    private struct State {
        var startedAt = Date()
        var shownAt = Date.distantPast
        var isShown = false
    }

    private let title: String
    private let state = Mutex(State())

    init(_ title: String) {
        self.title = title
    }

    /// - Parameters:
    ///   - total: `nil` when nobody knows yet.
    ///   - note: shown behind the numbers.
    func show(_ done: Int, of total: Int?, note: String = "") {
        guard Terminal.errorIsInteractive else { return }
        let now = Date()
        let line: String? = state.withLock { state in
            guard now.timeIntervalSince(state.shownAt) > 0.1 || done == total else { return nil }
            state.shownAt = now
            state.isShown = true
            let seconds = max(0.001, now.timeIntervalSince(state.startedAt))
            return text(done, of: total, rate: Double(done) / seconds, note: note)
        }
        if let line { try? FileHandle.standardError.write(contentsOf: Data(("\r\u{1B}[K" + line).utf8)) }
    }

    /// Leaves the line to what comes next.
    func finish() {
        let wasShown = state.withLock { $0.isShown }
        if wasShown { try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8)) }
    }

    private func text(_ done: Int, of total: Int?, rate: Double, note: String) -> String {
        guard let total, total > 0 else { return "\(title) \(done) (\(Int(rate))/s) \(note)" }
        let filled = min(24, done * 24 / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let left = rate > 0 ? "\(Spoken.duration(seconds: Int(Double(total - done) / rate))) left" : ""
        return "\(title) \(bar) \(done)/\(total) (\(Int(rate))/s) \(left) \(note)"
    }
}

/// Numbers and times as people say them.
enum Spoken {
    static func duration(seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds))s"
        case ..<3600: "\(seconds / 60)m \(seconds % 60)s"
        case ..<86400: "\(seconds / 3600)h \(seconds / 60 % 60)m"
        default: "\(seconds / 86400)d \(seconds / 3600 % 24)h"
        }
    }

    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<1024: "\(count) B"
        case ..<(1 << 20): "\(count >> 10) KiB"
        case ..<(1 << 30): "\(count >> 20) MiB"
        default: "\(count >> 30).\((count >> 20) % 1024 * 10 / 1024) GiB"
        }
    }
}
