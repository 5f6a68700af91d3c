import Foundation
import RapportCore
import RapportLog
import Synchronization

/// The bar of a campaign under way, on standard error: counts by state, the rate of the last minute, and when it will be
/// over at that rate. Without a terminal, a line whenever much has changed.
final class WatchBar: Sendable {
    private struct State {
        var isShown = false
        var told: Int?
    }

    private let state = Mutex(State())

    func show(_ progress: CampaignProgress, at now: Timestamp) {
        guard Terminal.errorIsInteractive else {
            tell(progress, at: now)
            return
        }
        let text = PlainText.cut(Self.text(progress, at: now), to: Terminal.errorWidth - 1)
        state.withLock { $0.isShown = true }
        try? FileHandle.standardError.write(contentsOf: Data(("\r\u{1B}[K" + text).utf8))
    }

    /// Leaves the line to what comes next.
    func finish() {
        let wasShown = state.withLock { $0.isShown }
        if wasShown { try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8)) }
    }

    /// One line for every tenth of the way.
    private func tell(_ progress: CampaignProgress, at now: Timestamp) {
        let tenth = progress.planned > 0 ? Self.settled(progress) * 10 / progress.planned : 0
        let isNew = state.withLock { state in
            defer { state.told = tenth }
            return state.told != tenth
        }
        if isNew { Terminal.error(Self.text(progress, at: now)) }
    }

    /// Messages that need nothing more from the hub.
    private static func settled(_ progress: CampaignProgress) -> Int {
        progress.planned - CampaignCounts(progress).waiting
    }

    static func text(_ progress: CampaignProgress, at now: Timestamp) -> String {
        let planned = max(progress.planned, 1)
        let settled = settled(progress)
        let filled = min(20, settled * 20 / planned)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        var parts = ["\(bar) \(settled)/\(progress.planned)"]
        if progress.lastMinute > 0 { parts.append("\(progress.lastMinute)/min") }
        if let left = secondsLeft(progress, at: now) { parts.append("\(Spoken.duration(seconds: left)) left") }
        parts.append(CampaignText.counts(progress))
        return parts.joined(separator: "  ")
    }

    /// At the rate of the last minute, and not before what is deferred falls due; `nil` when nothing moves.
    static func secondsLeft(_ progress: CampaignProgress, at now: Timestamp) -> Int? {
        let waiting = CampaignCounts(progress).waiting - (progress.states[.deferred] ?? 0)
        guard progress.lastMinute > 0, waiting > 0 else { return nil }
        return max(1, waiting * 60 / progress.lastMinute)
    }
}

extension Terminal {
    /// Columns of standard error; those of standard output when nobody says.
    static var errorWidth: Int {
        var size = winsize()
        if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return width
    }
}
