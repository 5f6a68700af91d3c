import RapportApp
import RapportCore
import RapportLog

/// `rapport campaign report`: where a campaign's messages stand and why.
struct CampaignReport: Sendable {
    var record: CampaignRecord
    var progress: CampaignProgress
    var examples: [DispatchRow]
    var adapters: CampaignAdapters

    /// The states that somebody will ask about.
    private static let explained: [DispatchState] = [.unknown, .failed, .bounced, .deferred, .skipped]

    static func read(
        _ record: CampaignRecord, examples: Int, hub: HubContext
    ) async throws(StoreError) -> CampaignReport {
        let store = hub.store
        var rows: [DispatchRow] = []
        for state in explained where examples > 0 {
            rows += try await store.rows(of: record.key, states: [state], after: nil, limit: examples)
        }
        return CampaignReport(
            record: record, progress: try await store.progress(record.key, at: hub.clock()), examples: rows,
            adapters: try await CampaignAdapters.read(record, configuration: hub.configuration, store: store))
    }

    /// Accepted or delivered, and not come back.
    var reached: Int { (progress.states[.accepted] ?? 0) + (progress.states[.delivered] ?? 0) }

    func lines() -> [String] {
        var head = Labelled()
        head.add("state", record.state.rawValue + (record.note.map { " (\($0))" } ?? ""))
        head.add("class", "\(record.messageClass.rawValue), topic \(record.topic)")
        head.add("over", adapters.text)
        head.add("created", LocalTime.zoned(record.createdAt))
        head.add("started", record.startedAt.map { LocalTime.zoned($0) })
        head.add("finished", record.finishedAt.map { LocalTime.zoned($0) })
        head.add("next due", progress.nextDue.map { LocalTime.zoned($0) })
        var table = Table(["", "", ""], rightAligned: [1, 2])
        table.add(["planned", "\(progress.planned)", ""])
        table.add(["reached", "\(reached)", share(reached)])
        table.add(["answered", "\(progress.responded)", share(progress.responded)])
        table.add(["", "", ""])
        for state in DispatchState.allCases {
            guard let count = progress.states[state], count > 0 else { continue }
            table.add([state.spoken, "\(count)", share(count)])
            for (rule, count) in reasons(state) { table.add(["  \(rule)", "\(count)", ""]) }
        }
        return [Style.bold(PlainText.line(record.key.description))] + head.lines()
            + table.lines().map(\.withoutTrailingSpaces)
            + exampleLines()
    }

    private func reasons(_ state: DispatchState) -> [(String, Int)] {
        let counts =
            switch state {
            case .skipped: progress.skipped
            case .deferred: progress.deferred
            case .failed: progress.failed
            default: [String: Int]()
            }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// `12.5 %` of what was planned.
    private func share(_ count: Int) -> String {
        guard progress.planned > 0 else { return "" }
        let tenths = count * 1000 / progress.planned
        return "\(tenths / 10).\(tenths % 10) %"
    }

    private func exampleLines() -> [String] {
        guard !examples.isEmpty else { return [] }
        var table = Table(["EXAMPLE", "STATE", "CUSTOMER", "WHERE", "WHY"])
        for row in examples {
            let until = row.state == .deferred ? "until \(LocalTime.zoned(row.dueAt))" : nil
            let evidence = row.evidence.isEmpty ? nil : "(\(row.evidence.joined(separator: ", ")))"
            table.add([
                row.id.description, row.state.spoken, row.customer.description,
                "\(row.channel.rawValue) \(row.address.deliverable)",
                [row.rule, until, evidence, row.detail].compactMap { $0 }.joined(separator: " "),
            ])
        }
        return [""] + table.lines()
    }

    var fields: [(String, JSONField)] {
        CampaignText.fields(record, progress) + [
            ("adapters", adapters.field), ("reached", .number(reached)),
            ("examples", .list(examples.map { .object(MessageText.fields($0)) })),
        ]
    }
}
