package import RapportCore

/// Campaigns and their progress.
package protocol CampaignStoring: Sendable {
    /// Adds a run in state `planning`; when there is one with this key already, returns that and changes nothing.
    func create(_ campaign: CampaignRecord) async throws(StoreError) -> CampaignRecord

    /// Replaces what a campaign says that is being planned and has no rows yet.
    ///
    /// - Returns: the record afterwards; `nil`, and nothing is changed, when the campaign is not there, is not being planned,
    ///   or has rows.
    func redefine(_ key: CampaignKey, as definition: String) async throws(StoreError) -> CampaignRecord?

    /// The latest runs, the latest first, at most `limit`. Without their definitions: a run's texts and attachments may be
    /// megabytes, and a list has no use for them.
    func campaigns(limit: Int) async throws(StoreError) -> [CampaignRecord]

    /// The runs that are being sent now. Asked every second, and so without what they say.
    func sendingCampaigns() async throws(StoreError) -> [CampaignKey]

    func campaign(_ key: CampaignKey) async throws(StoreError) -> CampaignRecord?

    /// Moves a campaign from one of the states `from` to `to`. `cancelled` also cancels its rows that have not been handed
    /// off (claimed ones included); `paused` takes claimed rows back to planned.
    ///
    /// The state and what is claimed change in one transaction, and from then on nothing of a cancelled campaign leaves. Its
    /// waiting rows, which may be a million, are cancelled afterwards, a part at a time, so that no writer waits for long; a
    /// cancelling that is cut off there is finished by `finishCancellations`. Returns when all is done.
    ///
    /// - Parameter definition: what the campaign has to say, letter by letter; `nil`: not compared.
    /// - Returns: the record afterwards; `nil`, and nothing is changed, when the campaign is not there, is in none of the
    ///   states `from`, or says something else.
    func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, saying definition: String?,
        note: String?, at now: Timestamp
    ) async throws(StoreError) -> CampaignRecord?

    /// Goes on with cancellings that were cut off, until they are done or the task is cancelled; others may do the same at
    /// once.
    ///
    /// - Returns: how many rows were cancelled.
    func finishCancellations() async throws(StoreError) -> Int

    /// Finishes the cancelling of one campaign that was cut off. Returns when all is done.
    ///
    /// - Returns: how many rows were cancelled; none, and nothing is changed, of a campaign that is not cancelled.
    func finishCancellation(of key: CampaignKey) async throws(StoreError) -> Int

    func progress(_ key: CampaignKey, at now: Timestamp) async throws(StoreError) -> CampaignProgress

    /// Marks sending campaigns that have nothing left to do as completed.
    func completeFinished(at now: Timestamp) async throws(StoreError) -> [CampaignKey]

    /// A campaign's rows by state, in order of id, for reports and examples.
    func rows(
        of key: CampaignKey, states: Set<DispatchState>, after: DispatchID?, limit: Int
    ) async throws(StoreError) -> [DispatchRow]
}

extension CampaignStoring {
    /// All runs, the latest first.
    package func campaigns() async throws(StoreError) -> [CampaignRecord] {
        try await campaigns(limit: .max)
    }

    package func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, note: String?,
        at now: Timestamp
    ) async throws(StoreError) -> CampaignRecord? {
        try await move(key, from: from, to: to, saying: nil, note: note, at: now)
    }
}

/// A dispatch as a report shows it.
package struct DispatchRow: Hashable, Sendable {
    package var id: DispatchID
    package var customer: CustomerID
    package var campaign: CampaignKey?
    package var channel: Channel
    package var adapter: String
    package var address: Address
    package var messageClass: MessageClass
    package var topic: String
    package var state: DispatchState
    /// The rule that deferred, skipped or failed it.
    package var rule: String?
    package var evidence: [String]
    package var policyVersion: String?
    package var attempts: Int
    package var dueAt: Timestamp
    package var claimedAt: Timestamp?
    package var detail: String?

    package init(
        id: DispatchID, customer: CustomerID, campaign: CampaignKey?, channel: Channel, adapter: String,
        address: Address, messageClass: MessageClass, topic: String, state: DispatchState, rule: String?,
        evidence: [String], policyVersion: String?, attempts: Int, dueAt: Timestamp, claimedAt: Timestamp?,
        detail: String?
    ) {
        self.id = id
        self.customer = customer
        self.campaign = campaign
        self.channel = channel
        self.adapter = adapter
        self.address = address
        self.messageClass = messageClass
        self.topic = topic
        self.state = state
        self.rule = rule
        self.evidence = evidence
        self.policyVersion = policyVersion
        self.attempts = attempts
        self.dueAt = dueAt
        self.claimedAt = claimedAt
        self.detail = detail
    }
}
