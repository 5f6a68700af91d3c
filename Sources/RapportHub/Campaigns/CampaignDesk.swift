package import RapportCore
package import RapportLog
import RapportPolicy

/// Plans campaigns: to see what would happen, and to send them.
package struct CampaignDesk: Sendable {
    package typealias CampaignStore = CustomerStoring & DispatchStoring & CampaignStoring

    let store: any CampaignStore
    let normalizer: any AddressNormalizing
    let region: String
    let planner: CampaignPlanner
    let policy: PolicyHolder
    let renderer: MessageRenderer
    let clock: Clock

    package init(
        store: any CampaignStore, normalizer: any AddressNormalizing, region: String, routes: RouteTable,
        policy: PolicyHolder, renderer: MessageRenderer, clock: @escaping Clock
    ) {
        self.store = store
        self.normalizer = normalizer
        self.region = region
        planner = CampaignPlanner(routes: routes)
        self.policy = policy
        self.renderer = renderer
        self.clock = clock
    }

    /// Plans every recipient and lets the campaign go. Cut off and called again, it goes on where it was; but, once anything
    /// is planned, not with another file of its audience, of which it would be neither the one nor the other.
    ///
    /// - Parameters:
    ///   - folder: where the audience's CSV is.
    ///   - progress: called after each page with the rows planned so far.
    /// - Returns: the campaign, and the rows of its file that name nobody.
    /// - Throws: `CampaignError`, `StoreError`, `CancellationError`.
    package func send(
        _ definition: CampaignDefinition, folder: String?,
        progress: @escaping @Sendable (_ planned: Int) -> Void
    ) async throws -> (campaign: CampaignRecord, problems: [AudienceProblem], unreachable: Int) {
        let key = CampaignKey(name: definition.name, occurrence: definition.occurrence)
        try check(definition)
        // A template that can't be read is refused before anything is planned.
        _ = try CampaignTemplates(definition, folder: folder)
        let audience = audience(in: folder)
        let now = clock()
        let record = try await begin(definition, key, audience, at: now)
        return try await plan(record, audience, at: now, progress: progress)
    }

    func audience(in folder: String?) -> AudienceReader {
        AudienceReader(store: store, normalizer: normalizer, region: region, folder: folder)
    }

    /// Plans every recipient of a campaign as it was begun, and lets it go.
    func plan(
        _ record: CampaignRecord, _ audience: AudienceReader, at now: Timestamp,
        progress: @Sendable (_ planned: Int) -> Void
    ) async throws -> (campaign: CampaignRecord, problems: [AudienceProblem], unreachable: Int) {
        let key = record.key
        let stored = try record.readDefinition()
        var planned = 0
        var unreachable = 0
        var problems: [AudienceProblem] = []
        try await audience.forEachPage(of: stored.audience, digest: stored.audienceDigest) { recipients, bad in
            let plans = recipients.compactMap { planner.plan($0, definition: stored, key: key, at: record.createdAt) }
            unreachable += recipients.count - plans.count
            problems += bad
            // Until there is a row, another call can begin with another file.
            let definition = planned == 0 ? record.definition : nil
            guard try await store.plan(plans, saying: definition, at: now).count == plans.count else {
                throw try await notPlanned(key, stored.audience)
            }
            planned += plans.count
            progress(planned)
        }
        try Task.checkCancellation()
        // An audience of which nobody can be reached has no row even now, and so nothing has been compared.
        guard
            let started = try await store.move(
                key, from: [.planning], to: .sending, saying: record.definition, note: nil, at: clock())
        else { throw try await notPlanned(key, stored.audience) }
        return (started, problems, unreachable)
    }

    /// Notes the campaign, or finds the one that was cut off: with the audience's file as it is now, if nothing was planned
    /// of the one that there was then.
    func begin(
        _ definition: CampaignDefinition, _ key: CampaignKey, _ audience: AudienceReader, at now: Timestamp
    ) async throws -> CampaignRecord {
        var definition = definition
        definition.audienceDigest = try audience.digest(of: definition.audience)
        let record = try await store.create(
            CampaignRecord(
                key: key, state: .planning, messageClass: definition.messageClass, topic: definition.topic,
                definition: try definition.encoded(), createdAt: now, expiresAt: definition.expires(plannedAt: now)))
        guard record.state == .planning else { throw CampaignError.alreadyRan(key, state: record.state) }
        var stored = try record.readDefinition()
        guard stored.audience == definition.audience, stored.audienceDigest != definition.audienceDigest else {
            return record
        }
        stored.audienceDigest = definition.audienceDigest
        return try await store.redefine(key, as: try stored.encoded()) ?? record
    }

    /// Why a campaign that was being planned can't be sent: another call has begun it with another file meanwhile, or
    /// somebody has cancelled it.
    private func notPlanned(
        _ key: CampaignKey, _ audience: CampaignDefinition.Audience
    ) async throws(StoreError) -> CampaignError {
        guard let found = try await store.campaign(key) else { return .unknown(key) }
        if found.state == .planning, case .csv(let file) = audience { return .changedAudience(file: file) }
        return .wrongState(key, state: found.state, wanted: "sent")
    }

    func check(_ definition: CampaignDefinition) throws(CampaignError) {
        try CampaignCheck.check(
            definition, routes: planner.routes, topics: policy.current.topics.map(\.name))
    }
}
