import RapportCore
import RapportLog
import Testing

/// `CampaignStoring`.
enum CampaignCases {
    private static func fill(_ stage: Stage, _ key: CampaignKey, _ count: Int) async throws -> [DispatchID] {
        var ids: [DispatchID] = []
        for number in 0..<count {
            let customer = try await stage.customer("id:x/\(number)")
            ids.append(try await stage.plan(customer, to: "mailto:c\(number)@example.com", campaign: key))
        }
        return ids
    }

    static let all: [StoreCase] = [
        StoreCase("creating a run again returns the one that is there") { stage in
            let record = CampaignRecord(
                key: CampaignKey(name: "spring", occurrence: "1"), state: .planning, messageClass: .service,
                topic: "news", definition: "{\"a\":1}", createdAt: stage.now, expiresAt: stage.now.adding(seconds: 9))
            #expect(try await stage.store.create(record) == record)
            var other = record
            other.definition = "{}"
            #expect(try await stage.store.create(other) == record)
            #expect(try await stage.store.campaign(record.key) == record)
            #expect(try await stage.store.campaign(CampaignKey(name: "spring")) == nil)
            let later = try await stage.campaign("summer")
            #expect(try await stage.store.campaigns().map(\.key) == [later, record.key])
            #expect(try await stage.store.campaigns(limit: 1).map(\.key) == [later])
            #expect(try await stage.store.sendingCampaigns() == [later])
        },
        StoreCase("what a campaign says may be replaced while it is being planned and has no rows") { stage in
            let key = try await stage.campaign("spring", sends: false)
            let other = try await stage.campaign("summer")
            var record = try #require(try await stage.store.campaign(key))
            record.definition = "{\"a\":2}"
            #expect(try await stage.store.redefine(key, as: "{\"a\":2}") == record)
            #expect(try await stage.store.campaign(key) == record)
            #expect(try await stage.store.redefine(other, as: "{\"a\":2}") == nil)
            #expect(try await stage.store.redefine(CampaignKey(name: "none"), as: "{\"a\":2}") == nil)
            _ = try await fill(stage, key, 1)
            #expect(try await stage.store.redefine(key, as: "{\"a\":3}") == nil)
            #expect(try await stage.store.campaign(key) == record)
            #expect(try await stage.store.campaign(other)?.definition == "{}")
        },
        StoreCase("nothing is planned for a campaign that says something else by now than whoever plans it has read") {
            stage in
            let key = try await stage.campaign("spring", sends: false)
            let ana = try await stage.customer("mailto:ana@example.com")
            let plan = DispatchPlan(
                customer: ana, campaign: key, messageClass: .marketing, topic: "news",
                routes: [Route(channel: .email, adapter: "mail", address: Stage.address("mailto:ana@example.com"))],
                dueAt: stage.now)
            #expect(try await stage.store.redefine(key, as: "{\"a\":2}") != nil)
            #expect(try await stage.store.plan([plan], saying: "{}", at: stage.now).isEmpty)
            #expect(try await stage.store.progress(key, at: stage.now).planned == 0)
            #expect(try await stage.store.plan([plan], saying: "{\"a\":2}", at: stage.now).count == 1)
            #expect(try await stage.store.redefine(key, as: "{}") == nil)
        },
        StoreCase("a list of campaigns tells all of them but their definitions") { stage in
            let key = try await stage.campaign("spring")
            var record = try #require(try await stage.store.campaign(key))
            #expect(record.definition == "{}" && record.startedAt != nil)
            record.definition = nil
            #expect(try await stage.store.campaigns() == [record])
        },
        StoreCase("a campaign moves only from the states that are named") { stage in
            let key = try await stage.campaign("spring", sends: false)
            let move = { (from: Set<CampaignRecord.State>, to: CampaignRecord.State) in
                try await stage.store.move(key, from: from, to: to, note: "why", at: stage.now)
            }
            #expect(try await move([.sending, .paused], .cancelled) == nil)
            let sending = try #require(try await move([.planning], .sending))
            #expect(sending.state == .sending && sending.startedAt == stage.now && sending.note == "why")
            let cancelled = try #require(try await move([.sending], .cancelled))
            #expect(cancelled.finishedAt == stage.now && cancelled.startedAt == stage.now)
            let none = CampaignKey(name: "none")
            #expect(try await stage.store.move(none, from: [.planning], to: .sending, note: nil, at: stage.now) == nil)
        },
        StoreCase("a campaign that says something else by now than whoever lets it go has read stays where it is") {
            stage in
            let key = try await stage.campaign("spring", sends: false)
            #expect(try await stage.store.redefine(key, as: "{\"a\":2}") != nil)
            let record = try await stage.store.campaign(key)
            let start = { (definition: String) in
                try await stage.store.move(
                    key, from: [.planning], to: .sending, saying: definition, note: nil, at: stage.now)
            }
            #expect(try await start("{}") == nil)
            #expect(try await stage.store.campaign(key) == record)
            #expect(try await start("{\"a\":2}")?.state == .sending)
        },
        StoreCase("pausing takes claimed rows back; what was handed off goes on") { stage in
            let key = try await stage.campaign("spring")
            let ids = try await fill(stage, key, 2)
            try await stage.claimAll()
            _ = try await stage.store.handOff([ids[0]], node: 1, at: stage.now)
            _ = try await stage.store.move(key, from: [.sending], to: .paused, note: nil, at: stage.now)
            #expect(try await stage.store.handOff([ids[1]], node: 1, at: stage.now).isEmpty)
            #expect(try await stage.state(of: ids[0]) == .handedOff)
            #expect(try await stage.claimAll().isEmpty)
            #expect(try await stage.store.nextDue() == nil)
            _ = try await stage.store.move(key, from: [.paused], to: .sending, note: nil, at: stage.now)
            #expect(try await stage.claimAll().map(\.id) == [ids[1]])
        },
        StoreCase("cancelling cancels everything that has not been handed off") { stage in
            let key = try await stage.campaign("spring")
            let ids = try await fill(stage, key, 4)
            let later = stage.now.adding(seconds: 9)
            _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 3, node: 1)) { candidates in
                candidates.enumerated().map { index, _ in
                    index < 2
                        ? .claim(routeIndex: 0, policyVersion: "p")
                        : .defer(until: later, rule: "cap", evidence: [], policyVersion: "p")
                }
            }
            _ = try await stage.store.handOff([ids[0]], node: 1, at: stage.now)
            #expect(try await stage.store.finishCancellation(of: key) == 0, "it is being sent")
            _ = try await stage.store.move(key, from: [.sending], to: .cancelled, note: nil, at: stage.now)
            #expect(try await stage.store.handOff([ids[1]], node: 1, at: stage.now).isEmpty)
            let progress = try await stage.store.progress(key, at: stage.now)
            #expect(progress.planned == 4)
            #expect(progress.states == [.handedOff: 1, .cancelled: 3])
            #expect(try await stage.store.finishCancellations() == 0, "nothing is left to do")
        },
        StoreCase("what had left when its campaign was cancelled does not wait again, whatever comes of it") { stage in
            let key = try await stage.campaign("spring")
            let ids = try await fill(stage, key, 4)
            _ = try await stage.claimAll()
            #expect(try await stage.store.handOff(ids, node: 1, at: stage.now).count == 4)
            _ = try await stage.store.move(key, from: [.sending], to: .cancelled, note: nil, at: stage.now)
            let outcomes: [DispatchResult.Outcome] = [
                .retry(at: stage.now.adding(seconds: 60), rule: "greylisted"), .fallBack(toRoute: 1), .released,
                .sent(state: .accepted, providerMessageID: nil),
            ]
            for (id, outcome) in zip(ids, outcomes) { try await stage.record(id, outcome) }
            #expect(try await stage.store.progress(key, at: stage.now).states == [.cancelled: 3, .accepted: 1])
            #expect(try await stage.store.dispatch(ids[1])?.channel == .email, "it goes over no other way")
            #expect(try await stage.differences() == [])
        },
        StoreCase("what had left for a campaign that was cancelled is not repeated by the next hub") { stage in
            let key = try await stage.campaign("spring")
            let ana = try await stage.customer("mailto:ana@example.com")
            let id = try await stage.plan(ana, to: "mailto:ana@example.com", campaign: key, repeats: true)
            _ = try await stage.claimAll()
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now) == [id])
            _ = try await stage.store.move(key, from: [.sending], to: .cancelled, note: nil, at: stage.now)
            _ = try await stage.store.recover(node: 2, at: stage.now)
            #expect(try await stage.state(of: id) == .unknown)
        },
        StoreCase("nothing is planned for a campaign that was cancelled while it was being planned") { stage in
            let key = try await stage.campaign("spring", sends: false)
            _ = try await fill(stage, key, 1)
            _ = try await stage.store.move(key, from: [.planning], to: .cancelled, note: nil, at: stage.now)
            let bob = try await stage.customer("mailto:bob@example.com")
            let plan = DispatchPlan(
                customer: bob, campaign: key, messageClass: .marketing, topic: "news",
                routes: [Route(channel: .email, adapter: "mail", address: Stage.address("mailto:bob@example.com"))],
                dueAt: stage.now)
            #expect(try await stage.store.plan([plan], at: stage.now).isEmpty)
            #expect(try await stage.store.progress(key, at: stage.now).states == [.cancelled: 1])
        },
        StoreCase("progress adds up, by state and by rule") { stage in
            let key = try await stage.campaign("spring")
            let ids = try await fill(stage, key, 6)
            let later = stage.now.adding(seconds: 9)
            _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 5, node: 1)) { candidates in
                candidates.indices.map { index in
                    switch index {
                    case 0...2: .claim(routeIndex: 0, policyVersion: "p")
                    case 3: .defer(until: later, rule: "cap", evidence: [], policyVersion: "p")
                    default: .skip(rule: "consent", evidence: [], policyVersion: "p")
                    }
                }
            }
            _ = try await stage.store.handOff([ids[0], ids[1]], node: 1, at: stage.now)
            try await stage.record(ids[0], .sent(state: .accepted, providerMessageID: nil))
            try await stage.record(ids[1], .failed(rule: "rejected"))
            let customer = try #require(try await stage.store.dispatch(ids[0])?.customer)
            try await stage.append(customer) { _ in
                [.responded(customer, campaign: "spring"), .responded(customer, campaign: "other")]
            }
            let progress = try await stage.store.progress(key, at: stage.now.adding(seconds: 30))
            #expect(progress.planned == 6)
            #expect(
                progress.states == [.accepted: 1, .failed: 1, .claimed: 1, .deferred: 1, .skipped: 1, .planned: 1])
            #expect(progress.skipped == ["consent": 1])
            #expect(progress.deferred == ["cap": 1])
            #expect(progress.failed == ["rejected": 1])
            #expect(progress.responded == 1)
            #expect(progress.lastMinute == 2)
            #expect(progress.nextDue == stage.now)
            #expect(try await stage.store.progress(key, at: stage.now.adding(seconds: 61)).lastMinute == 0)
        },
        StoreCase("what left counts for the minute it left in, once it is known what became of it") { stage in
            let key = try await stage.campaign("spring")
            let ids = try await fill(stage, key, 4)
            try await stage.claimAll()
            #expect(try await stage.store.handOff(ids, node: 1, at: stage.now).count == 4)
            try await stage.record(ids[0], .sent(state: .accepted, providerMessageID: nil))
            try await stage.record(ids[1], .retry(at: stage.now, rule: "busy"))
            #expect(try await stage.claimAll().map(\.id) == [ids[1]])
            // It is not handed off this time, and this one has not left.
            try await stage.record(ids[1], .retry(at: stage.now.adding(seconds: 99), rule: "busy"))
            try await stage.record(ids[3], .released)
            let minute = { (seconds: Int64) in
                try await stage.store.progress(key, at: stage.now.adding(seconds: seconds)).lastMinute
            }
            #expect(try await minute(10) == 2)
            try await stage.record(ids[2], .unknown, at: stage.now.adding(seconds: 55))
            #expect(try await minute(55) == 3)
            #expect(try await minute(60) == 0)
        },
        StoreCase("a campaign is completed when nothing is left to do") { stage in
            let key = try await stage.campaign("spring")
            let ids = try await fill(stage, key, 1)
            #expect(try await stage.store.completeFinished(at: stage.now).isEmpty)
            try await stage.claimAll()
            #expect(try await stage.store.completeFinished(at: stage.now).isEmpty)
            _ = try await stage.store.handOff(ids, node: 1, at: stage.now)
            #expect(try await stage.store.completeFinished(at: stage.now).isEmpty)
            try await stage.record(ids[0], .sent(state: .accepted, providerMessageID: nil))
            #expect(try await stage.store.completeFinished(at: stage.now) == [key])
            #expect(try await stage.store.campaign(key)?.state == .completed)
            #expect(try await stage.store.completeFinished(at: stage.now).isEmpty)
        },
        StoreCase("rows are listed by state, in pages, in order of id") { stage in
            let key = try await stage.campaign("spring")
            let other = try await stage.campaign("summer")
            let first = try await fill(stage, key, 3)
            _ = try await fill(stage, other, 2)
            let more = try await fill(stage, key, 1)
            let read = { (states: Set<DispatchState>, after: DispatchID?, limit: Int) in
                try await stage.store.rows(of: key, states: states, after: after, limit: limit).map(\.id)
            }
            #expect(try await read([.planned], nil, 2) == Array(first[..<2]))
            #expect(try await read([.planned, .skipped], first[1], 9) == [first[2]] + more)
            #expect(try await read([.skipped], nil, 9) == [])
            #expect(try await read([.planned], DispatchID(.max), 9) == [])
        },
    ]
}
