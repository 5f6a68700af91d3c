import RapportCore
import RapportLog

/// Follows a campaign that the hub sends.
struct CampaignWatch {
    let key: CampaignKey
    let store: any CampaignStoring & StatusReading
    let clock: Clock

    /// Nothing will leave for at least this long: watching it would be waiting.
    static let patienceSeconds: Int64 = 60

    /// How the campaign stands, without waiting.
    func glance() async throws -> CampaignEnding {
        try await look().reason(detached: true)
    }

    /// Shows a bar until the campaign is over or rests, the hub is gone, or Ctrl-C is pressed.
    func run() async throws -> CampaignEnding {
        let bar = WatchBar()
        defer { bar.finish() }
        while true {
            let look = try await look()
            if look.isOver || CtrlC.hasHappened {
                return look.reason(detached: CtrlC.hasHappened)
            }
            bar.show(look.progress, at: look.at)
            try await CtrlC.sleep(milliseconds: 500)
        }
    }

    private func look() async throws -> CampaignLook {
        guard let record = try await store.campaign(key) else { throw CampaignNameError.unknown(key, nearest: nil) }
        let now = clock()
        let hubIsRunning = try await store.status(at: now).nodes.contains { $0.isAlive(at: now) }
        return CampaignLook(
            at: now, record: record, progress: try await store.progress(key, at: now), hubIsRunning: hubIsRunning)
    }
}
