package import RapportCore
package import RapportLog

extension SQLiteStore: CampaignStoring {
    package func create(_ campaign: CampaignRecord) async throws(StoreError) -> CampaignRecord {
        try await commits.write("creating a campaign") { try CampaignTable($0).create(campaign) }
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
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, note: String?, at now: Timestamp
    ) async throws(StoreError) -> CampaignRecord? {
        try await commits.write("moving a campaign") {
            try CampaignTable($0).move(key, from: from, to: to, note: note, at: now)
        }
    }

    package func progress(_ key: CampaignKey, at now: Timestamp) async throws(StoreError) -> CampaignProgress {
        try await read("reading a campaign's progress") { try CampaignReader($0).progress(key, at: now) }
    }

    package func completeFinished(at now: Timestamp) async throws(StoreError) -> [CampaignKey] {
        try await commits.write("completing campaigns") { try CampaignTable($0).completeFinished(at: now) }
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
