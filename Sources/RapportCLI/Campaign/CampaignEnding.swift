import RapportCore
import RapportLog

/// Why watching a campaign ended, and how the campaign stood then.
struct CampaignEnding: Sendable {
    enum Reason: Hashable, Sendable {
        case done
        /// Ctrl-C, or nobody wanted to watch.
        case detached
        case noHub
        case paused
        /// Somebody else is planning it.
        case planning
        /// What is left is not due before this.
        case rests(until: Timestamp?)
    }

    var record: CampaignRecord
    var progress: CampaignProgress
    var why: Reason

    /// Something went wrong that a person should look at.
    var wantsAttention: Bool {
        let counts = CampaignCounts(progress)
        return why == .done && counts.failed + counts.unknown > 0
    }

    func lines() -> [String] {
        let key = PlainText.line(record.key.description)
        return [sentence(key), "  " + CampaignText.counts(progress), "  rapport campaign report \(key)"]
    }

    private func sentence(_ key: String) -> String {
        let waitingMessages = Spoken.count(CampaignCounts(progress).waiting, "message waits", "messages wait")
        switch why {
        case .done: return "\(key) is \(record.state.rawValue)"
        case .detached: return "\(key): no longer watched; the hub goes on. The same command watches again"
        case .noHub:
            return "\(key): no hub is running on this store; \(waitingMessages) for ‘rapport serve’"
        case .paused:
            let note = record.note.map { " (\(PlainText.line($0)))" } ?? ""
            return "\(key) is paused\(note); ‘rapport campaign resume \(key)’ lets it go on"
        case .planning: return "\(key) is being planned by another command; nothing is sent yet"
        case .rests(let until):
            let when = until.map { " before \(LocalTime.zoned($0))" } ?? " now"
            return "\(key): \(waitingMessages), and nothing is due\(when); the hub goes on by itself"
        }
    }
}
