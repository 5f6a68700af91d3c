import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("What a status says wants a person")
struct StatusReportTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let node = NodeRecord(number: 1, host: "vm", process: 7, startedAt: now, seenAt: now)

    private static func report(
        traffic: [StoreStatus.Traffic] = [], queued: [String: Int] = [:], recent: [DispatchState: Int] = [:],
        campaigns: [StatusReport.Campaign] = [], stuck: Int = 0, cursors: [StoreStatus.Cursor] = []
    ) -> StatusReport {
        let store = StoreStatus(
            engine: "sqlite", location: "hub.db", bytes: 0, schemaVersion: 2, lastPosition: 0, customers: 0,
            suppressed: 0, traffic: traffic, followUpsOpen: 0, followUpsOverdue: 0, overdue: [], parkedReceipts: 0,
            nodes: [node], queued: queued, deferred: [:], singles: [.failed: 3, .unknown: 4], recentSingles: recent,
            stuck: stuck, cursors: cursors)
        return StatusReport(at: now, store: store, campaigns: campaigns, feeds: ["crm"])
    }

    private static func campaign(
        _ state: CampaignRecord.State, createdHoursAgo created: Int64 = 0, finishedHoursAgo finished: Int64? = nil,
        failed: Int = 0
    ) -> StatusReport.Campaign {
        StatusReport.Campaign(
            record: CampaignRecord(
                key: CampaignKey(name: "spring"), state: state, messageClass: .marketing, topic: "offers",
                definition: "{}", createdAt: now.adding(seconds: -created * 3_600),
                finishedAt: finished.map { now.adding(seconds: -$0 * 3_600) }),
            progress: CampaignProgress(planned: failed, states: [.failed: failed]))
    }

    @Test("what went wrong wants attention for a day and not for ever")
    func aDay() {
        #expect(Self.report().health == .healthy)
        #expect(Self.report(recent: [.failed: 1]).attention == ["1 single message of the last 24 hours failed"])
        let failing = Self.campaign(.sending, failed: 2)
        #expect(Self.report(campaigns: [failing]).attention == ["spring: 2 failed"])
        let fresh = Self.campaign(.completed, finishedHoursAgo: 23, failed: 2)
        #expect(Self.report(campaigns: [fresh]).health == .wantsAttention)
        let old = Self.campaign(.completed, finishedHoursAgo: 25, failed: 2)
        #expect(Self.report(campaigns: [old]).health == .healthy)
    }

    @Test("what went wrong in a campaign of the last day is told of however many have ended since")
    func manyCampaigns() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,email\ncrm/1,N1,n1@example.com")
        let customer = try #require(try await hub.customer(at: "n1@example.com")).id
        let address = try #require(Address(normalized: "mailto:n1@example.com"))
        func run(_ name: String, _ outcome: DispatchResult.Outcome?) async throws {
            let key = CampaignKey(name: name)
            _ = try await hub.store.create(
                CampaignRecord(
                    key: key, state: .planning, messageClass: .marketing, topic: "offers", definition: "{}",
                    createdAt: hub.now))
            _ = try await hub.store.move(key, from: [.planning], to: .sending, note: nil, at: hub.now)
            if let outcome {
                let plan = DispatchPlan(
                    customer: customer, campaign: key, messageClass: .marketing, topic: "offers",
                    routes: [Route(channel: .email, adapter: "mail", address: address)], dueAt: hub.now)
                let id = try await hub.store.plan([plan], at: hub.now)[0].id
                _ = try await hub.store.claim(ClaimQuery(now: hub.now, limit: 9, node: 1)) { candidates in
                    candidates.map { _ in .claim(routeIndex: 0, policyVersion: "p") }
                }
                _ = try await hub.store.handOff([id], node: 1, at: hub.now)
                try await hub.store.record(
                    [DispatchResult(id: id, outcome: outcome, detail: "said so")], node: 1, at: hub.now
                ) { _ in [] }
            }
            _ = try await hub.store.move(key, from: [.sending], to: .completed, note: nil, at: hub.now)
        }
        try await run("lost", .unknown)
        try await run("refused", .failed(rule: "rejected"))
        for number in 1...12 { try await run("fine-\(number)", nil) }
        let fresh = try await StatusReport.read(from: hub.store, at: hub.now)
        #expect(fresh.attention.contains("lost: nobody knows what became of 1"))
        #expect(fresh.attention.contains("refused: 1 failed"))
        #expect(fresh.campaigns.count == 12, "of those that went well, no more than ten")
        hub.advance(seconds: 90_000)
        let old = try await StatusReport.read(from: hub.store, at: hub.now)
        #expect(old.campaigns.map(\.record.key.name) == (3...12).reversed().map { "fine-\($0)" })
        try await hub.close()
    }

    @Test("messages whose results could not be written want attention")
    func stuck() {
        #expect(
            Self.report(stuck: 1).attention == [
                "1 message in hand for more than an hour: what became of it could not be written; "
                    + "the next start of the hub settles that"
            ])
        #expect(Self.report(stuck: 2).health == .wantsAttention)
    }

    @Test("a feed whose receiver takes nothing for ten minutes wants attention, one that is gone does not")
    func feeds() {
        let waiting = { (name: String, seconds: Int64) in
            StoreStatus.Cursor(
                reader: name, behind: 3, waitingSince: Self.now.adding(seconds: -seconds),
                failure: .init(reason: "the receiver refused it (HTTP 400)", at: Self.now))
        }
        #expect(Self.report(cursors: [waiting("crm", 599)]).health == .healthy)
        #expect(
            Self.report(cursors: [waiting("crm", 600)]).attention == [
                "crm: the feed’s receiver takes nothing, 3 interactions wait, the oldest since "
                    + "\(Self.now.adding(seconds: -600)); at \(Self.now) the receiver refused it (HTTP 400)"
            ])
        #expect(Self.report(cursors: [waiting("gone", 6_000)]).health == .healthy)
        let idle = StoreStatus.Cursor(reader: "crm", behind: 0, waitingSince: nil)
        #expect(Self.report(cursors: [idle]).health == .healthy)
    }

    @Test("a campaign that is being planned is not called cut off")
    func planning() {
        #expect(Self.report(campaigns: [Self.campaign(.planning)]).health == .healthy)
        let silent = Self.campaign(.planning, createdHoursAgo: 1)
        #expect(Self.report(campaigns: [silent]).attention == ["spring: planning was cut off; send it again to go on"])
    }

    @Test("a relay over which nothing leaves is named")
    func deadRelay() {
        func traffic(outbound: Int) -> StoreStatus.Traffic {
            .init(adapter: "mail", channel: .email, inbound: 0, outbound: outbound, failed: 5, lastSeen: Self.now)
        }
        #expect(
            Self.report(traffic: [traffic(outbound: 0)], queued: ["mail": 9]).attention
                == ["mail: nothing left in the last hour, 5 attempts failed, 9 wait"])
        #expect(Self.report(traffic: [traffic(outbound: 1)], queued: ["mail": 9]).health == .healthy)
        #expect(Self.report(traffic: [traffic(outbound: 0)]).health == .healthy)
    }
}
