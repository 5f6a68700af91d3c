import RapportCore
import RapportLog

/// A campaign at one moment, and whether there is still something to watch. Pure.
struct CampaignLook: Hashable, Sendable {
    var at: Timestamp
    var record: CampaignRecord
    var progress: CampaignProgress
    var hubIsRunning: Bool

    var isOver: Bool { why != nil }

    func reason(detached: Bool) -> CampaignEnding {
        CampaignEnding(record: record, progress: progress, why: why ?? (detached ? .detached : .rests(until: nil)))
    }

    /// `nil` while messages leave or soon will.
    private var why: CampaignEnding.Reason? {
        switch record.state {
        case .completed, .cancelled: return .done
        case .paused: return .paused
        case .planning: return .planning
        case .sending: break
        }
        guard hubIsRunning else { return .noHub }
        let counts = CampaignCounts(progress)
        // What has left or never will may still be waiting for the hub to call the campaign complete.
        if counts.waiting == 0 { return nil }
        let inHand = (progress.states[.claimed] ?? 0) + (progress.states[.handedOff] ?? 0)
        guard inHand == 0, let next = progress.nextDue, next > at.adding(seconds: CampaignWatch.patienceSeconds) else {
            return nil
        }
        return .rests(until: next)
    }
}
