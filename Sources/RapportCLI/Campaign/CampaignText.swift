import RapportCore
import RapportLog

/// A campaign's rows, gathered the way people ask for them.
struct CampaignCounts {
    var sent: Int
    var waiting: Int
    var skipped: Int
    var failed: Int
    var unknown: Int

    init(_ progress: CampaignProgress) {
        func count(_ states: DispatchState...) -> Int { states.reduce(0) { $0 + (progress.states[$1] ?? 0) } }
        sent = count(.accepted, .delivered, .bounced)
        waiting = count(.planned, .deferred, .claimed, .handedOff)
        skipped = count(.skipped)
        failed = count(.failed)
        unknown = count(.unknown)
    }
}

/// A campaign in words and as JSON.
enum CampaignText {
    /// `12 delivered, 3 deferred (quiet-hours 3), 1 skipped (consent 1)`: every planned message, in one line.
    static func counts(_ progress: CampaignProgress) -> String {
        let reasons: [DispatchState: [String: Int]] = [
            .deferred: progress.deferred, .skipped: progress.skipped, .failed: progress.failed,
        ]
        let parts = DispatchState.allCases.compactMap { state -> String? in
            guard let count = progress.states[state], count > 0 else { return nil }
            let why = (reasons[state] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "\($0.key) \($0.value)" }
            return "\(count) \(state.spoken)" + (why.isEmpty ? "" : " (\(why.joined(separator: ", ")))")
        }
        return parts.isEmpty ? "nothing planned" : parts.joined(separator: ", ")
    }

    static func fields(_ record: CampaignRecord, _ progress: CampaignProgress) -> [(String, JSONField)] {
        [
            ("campaign", .text(record.key.name)), ("occurrence", JSONField(record.key.occurrence)),
            ("state", .text(record.state.rawValue)), ("class", .text(record.messageClass.rawValue)),
            ("topic", .text(record.topic)), ("createdAt", JSONField(record.createdAt)),
            ("startedAt", JSONField(record.startedAt)), ("finishedAt", JSONField(record.finishedAt)),
            ("expiresAt", JSONField(record.expiresAt)),
            ("planned", .number(progress.planned)),
            (
                "states",
                JSONField(Dictionary(uniqueKeysWithValues: progress.states.map { ($0.key.rawValue, $0.value) }))
            ),
            ("skipped", JSONField(progress.skipped)), ("deferred", JSONField(progress.deferred)),
            ("failed", JSONField(progress.failed)), ("responded", .number(progress.responded)),
            ("lastMinute", .number(progress.lastMinute)), ("nextDue", JSONField(progress.nextDue)),
            ("note", JSONField(record.note)),
        ]
    }
}

extension String {
    /// A table without a heading has cells that are only there to line up.
    var withoutTrailingSpaces: String { lastIndex { $0 != " " }.map { String(self[...$0]) } ?? "" }
}
