package import RapportCore
package import RapportLog

extension SQLiteStore: CampaignStoring {
    package func create(_ campaign: CampaignRecord) async throws(StoreError) -> CampaignRecord {
        try await commits.write("creating a campaign") { try CampaignTable($0).create(campaign) }
    }

    package func redefine(_ key: CampaignKey, as definition: String) async throws(StoreError) -> CampaignRecord? {
        try await commits.write("defining a campaign") { try CampaignTable($0).redefine(key, as: definition) }
    }

    package func campaigns(limit: Int) async throws(StoreError) -> [CampaignRecord] {
        try await read("reading campaigns") { try CampaignTable($0).latest(max(0, limit)) }
    }

    package func sendingCampaigns() async throws(StoreError) -> [CampaignKey] {
        try await read("reading campaigns") { try CampaignTable($0).sending() }
    }

    package func campaign(_ key: CampaignKey) async throws(StoreError) -> CampaignRecord? {
        try await read("reading a campaign") { try CampaignTable($0).record(key) }
    }

    package func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, saying definition: String?,
        note: String?, at now: Timestamp
    ) async throws(StoreError) -> CampaignRecord? {
        let moved = try await commits.write("moving a campaign") {
            try CampaignTable($0).move(key, from: from, to: to, saying: definition, note: note, at: now)
        }
        if moved != nil, to == .cancelled { _ = try await cancelWaiting(of: key, stopsWhenCancelled: false) }
        return moved
    }

    package func finishCancellations() async throws(StoreError) -> Int {
        var rows = 0
        for key in try await read("reading campaigns", { try CampaignTable($0).halfCancelled() }) {
            rows += try await cancelWaiting(of: key, stopsWhenCancelled: true)
        }
        return rows
    }

    package func finishCancellation(of key: CampaignKey) async throws(StoreError) -> Int {
        guard try await campaign(key)?.state == .cancelled else { return 0 }
        return try await cancelWaiting(of: key, stopsWhenCancelled: false)
    }

    /// Rows that are cancelled in one transaction: few enough that no writer notices.
    private static var cancelledTogether: Int { 2_000 }

    private func cancelWaiting(
        of key: CampaignKey, stopsWhenCancelled: Bool
    ) async throws(StoreError) -> Int {
        var rows = 0
        while !stopsWhenCancelled || !Task.isCancelled {
            let part = try await commits.write(
                "cancelling a campaign", weight: Self.cancelledTogether, changesFacts: false
            ) {
                try CampaignTable($0).cancelWaiting(of: key, limit: Self.cancelledTogether)
            }
            rows += part
            guard part == Self.cancelledTogether else { break }
            await Self.letOthersWrite()
        }
        return rows
    }

    /// Another process looks once a millisecond whether it may write. Waits in a task of its own: one that is cancelled
    /// would not wait at all.
    static func letOthersWrite() async {
        await Task { try? await Task.sleep(for: .milliseconds(3)) }.value
    }

    package func progress(_ key: CampaignKey, at now: Timestamp) async throws(StoreError) -> CampaignProgress {
        try await read("reading a campaign's progress") { try CampaignReader($0).progress(key, at: now) }
    }

    package func completeFinished(at now: Timestamp) async throws(StoreError) -> [CampaignKey] {
        try await commits.write("completing campaigns", changesFacts: false) {
            try CampaignTable($0).completeFinished(at: now)
        }
    }

    package func rows(
        of key: CampaignKey, states: Set<DispatchState>, after: DispatchID?, limit: Int
    ) async throws(StoreError) -> [DispatchRow] {
        try await read("reading a campaign's rows") {
            try DispatchReader($0).rows(of: key, states: states, after: after, limit: limit)
        }
    }

    package func routes(of id: DispatchID) async throws(StoreError) -> [Route] {
        try await read("reading a dispatch") { try DispatchReader($0).routes(of: id) }
    }
}
