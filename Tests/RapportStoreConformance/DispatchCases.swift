import RapportCore
import RapportLog
import Testing

/// Planning, claiming and handing off.
enum DispatchCases {
    private static let uri = "mailto:ana@example.com"

    static let all: [StoreCase] = [
        StoreCase("a customer has one row for each campaign and occurrence") { stage in
            let ana = try await stage.customer(uri)
            let march = try await stage.campaign("letter", occurrence: "2026-03")
            let april = try await stage.campaign("letter", occurrence: "2026-04")
            let plans = [march, march, april].map { key in
                DispatchPlan(
                    customer: ana, campaign: key, messageClass: .marketing, topic: "news",
                    routes: [Route(channel: .email, adapter: "mail", address: Stage.address(uri))], dueAt: stage.now)
            }
            let first = try await stage.store.plan(plans, at: stage.now)
            #expect(first.map(\.isRepetition) == [false, true, false])
            #expect(first[0].id == first[1].id)
            #expect(try await stage.store.plan(plans, at: stage.now).map(\.id) == first.map(\.id))
            #expect(try await stage.store.progress(march, at: stage.now).planned == 1)
        },
        StoreCase("a single message with a key happens once; without one every plan is a message") { stage in
            let ana = try await stage.customer(uri)
            let first = try await stage.plan(ana, to: uri, key: "order-1")
            #expect(try await stage.plan(ana, to: uri, key: "order-1") == first)
            #expect(try await stage.plan(ana, to: uri, key: "order-2") != first)
            #expect(try await stage.store.dispatch(under: "order-1") == first)
            #expect(try await stage.store.dispatch(under: "order-3") == nil)
            #expect(try await stage.plan(ana, to: uri) != stage.plan(ana, to: uri))
        },
        StoreCase("under a key of a single message another one is found out by its digest, and is not planned") {
            stage in
            let ana = try await stage.customer(uri)
            let plan = { (digest: String?) in
                let plan = DispatchPlan(
                    customer: ana, campaign: nil, key: "order-1", digest: digest, messageClass: .service, topic: "news",
                    routes: [Route(channel: .email, adapter: "mail", address: Stage.address(uri))], dueAt: stage.now)
                return try await stage.store.plan([plan], at: stage.now)[0]
            }
            let first = try await plan("a")
            #expect(!first.isRepetition && !first.isAnother)
            #expect(try await plan("a") == PlannedDispatch(id: first.id, isRepetition: true))
            #expect(try await plan("b") == PlannedDispatch(id: first.id, isRepetition: true, isAnother: true))
            #expect(try await plan(nil) == PlannedDispatch(id: first.id, isRepetition: true))
            #expect(try await stage.store.planned(under: "order-1", digest: "a")?.isAnother == false)
            #expect(try await stage.store.planned(under: "order-1", digest: "b")?.isAnother == true)
            #expect(try await stage.store.planned(under: "order-2", digest: "a") == nil)
            let undigested = try await stage.plan(ana, to: uri, key: "order-2")
            let kept = try await stage.store.planned(under: "order-2", digest: "a")
            #expect(kept == PlannedDispatch(id: undigested, isRepetition: true), "there is nothing to compare with")
        },
        StoreCase("an open follow-up is answered by one message at a time, by the next when that failed") {
            stage in
            let ana = try await stage.customer(uri)
            let opened = try await stage.append(ana) { position in
                [
                    .followUpOpened(
                        FollowUp(
                            id: FollowUpID(position), customer: ana, kind: "message", summary: "s",
                            openedAt: Stage.start))
                ]
            }
            let followUp = FollowUpID(opened.number)
            let answer = { (key: String) in
                let plan = DispatchPlan(
                    customer: ana, campaign: nil, key: key, messageClass: .service, topic: "news",
                    routes: [Route(channel: .email, adapter: "mail", address: Stage.address(uri))],
                    answers: [followUp], dueAt: stage.now)
                return try await stage.store.plan([plan], at: stage.now)[0]
            }
            let first = try await answer("a")
            #expect(first.obstacle == nil && !first.isRepetition)
            let refused = PlannedDispatch(obstacle: .answered(followUp, by: first.id))
            #expect(try await answer("b") == refused, "while it waits")
            #expect(try await answer("a") == PlannedDispatch(id: first.id, isRepetition: true))
            try await stage.claimAll()
            #expect(try await answer("b") == refused, "while it is claimed")
            _ = try await stage.store.handOff([first.id], node: 1, at: stage.now)
            #expect(try await answer("b") == refused, "while it is on its way")
            try await stage.record(first.id, .failed(rule: "rejected"))
            let second = try await answer("b")
            #expect(second.obstacle == nil && second.id != first.id)
            try await stage.append(ana) { _ in [.followUpClosed(followUp, at: Stage.start, resolution: "answered")] }
            #expect(try await answer("c") == PlannedDispatch(obstacle: .closed(followUp)))
            #expect(try await answer("b") == PlannedDispatch(id: second.id, isRepetition: true))
        },
        StoreCase("planning for a campaign or a customer that is not there is refused whole") { stage in
            let ana = try await stage.customer(uri)
            await #expect(throws: StoreError.self) {
                _ = try await stage.plan(ana, to: uri, campaign: CampaignKey(name: "none"))
            }
            await #expect(throws: StoreError.self) { _ = try await stage.plan(CustomerID(99), to: uri) }
            #expect(try await stage.store.nextDue() == nil)
        },
        StoreCase("a claim offers what is due, transactional first, then by due time, with the plan as written") {
            stage in
            let ana = try await stage.customer(uri)
            let late = try await stage.plan(ana, to: uri, dueAt: Stage.start.adding(seconds: -10))
            let early = try await stage.plan(ana, to: uri, dueAt: Stage.start.adding(seconds: -20))
            let urgent = try await stage.plan(ana, to: uri, messageClass: .transactional)
            let future = try await stage.plan(ana, to: uri, dueAt: Stage.start.adding(seconds: 1))
            #expect(try await stage.store.nextDue() == Stage.start.adding(seconds: -20))
            let claimed = try await stage.claimAll()
            #expect(claimed.map(\.id) == [urgent, early, late])
            let candidate = try #require(claimed.first?.candidate)
            #expect(candidate.plan.variables == ["name": "Ana"])
            #expect(candidate.plan.routes.map(\.adapter) == ["mail", "texts"])
            #expect(candidate.plan.content == "c1" && candidate.plan.offer == "o1")
            #expect(candidate.customer.id == ana && candidate.attempts == 0 && candidate.routeIndex == 0)
            #expect(try await stage.store.nextDue() == Stage.start.adding(seconds: 1))
            #expect(try await stage.claimAll(at: Stage.start.adding(seconds: 1)).map(\.id) == [future])
        },
        StoreCase("only campaigns that are sending are offered, and neither excluded ones nor full adapters") { stage in
            let ana = try await stage.customer(uri)
            let sending = try await stage.campaign("a")
            let planning = try await stage.campaign("b", sends: false)
            let first = try await stage.plan(ana, to: uri, campaign: sending)
            _ = try await stage.plan(ana, to: uri, campaign: planning)
            let other = try await stage.plan(ana, to: uri, adapter: "other")
            let bob = try await stage.customer("mailto:bob@example.com")
            let second = try await stage.plan(bob, to: "mailto:bob@example.com", campaign: sending)
            let lane = CampaignLane(campaign: sending, adapter: "mail")
            let claim = { (limits: [CampaignLane: Int], adapters: Set<String>) in
                let box = Box<[DispatchID]>()
                _ = try await stage.store.claim(
                    ClaimQuery(
                        now: stage.now, limit: 9, node: 1, limits: limits, withoutAdapters: adapters)
                ) { candidates in
                    box.put(candidates.map(\.id))
                    return candidates.map { _ in .leave(until: Stage.start) }
                }
                return box.value ?? []
            }
            #expect(try await claim([:], []) == [first, other, second])
            #expect(try await claim([lane: 2], []) == [first, other, second])
            #expect(try await claim([lane: 1], []) == [first, other])
            #expect(try await claim([lane: 0], []) == [other])
            #expect(
                try await claim([CampaignLane(campaign: sending, adapter: "texts"): 0], ["other"]) == [first, second])
            #expect(
                try await claim([CampaignLane(campaign: planning, adapter: "mail"): 1], ["other"]) == [first, second])
            #expect(try await claim([lane: 0], ["other"]) == [])
            #expect(try await stage.store.nextDue(without: []) == Stage.start)
            #expect(try await stage.store.nextDue(without: [lane]) == Stage.start)
            _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1, limits: [lane: 0])) {
                $0.map { _ in .leave(until: Stage.start.adding(seconds: 5)) }
            }
            #expect(try await stage.store.nextDue(without: [lane]) == Stage.start.adding(seconds: 5))
        },
        StoreCase("of what waits for adapters that are not there a few are offered, beyond the limit and last") {
            stage in
            let ana = try await stage.customer(uri)
            let earlier = Stage.start.adding(seconds: -9)
            var gone: [DispatchID] = []
            for _ in 0..<20 { gone.append(try await stage.plan(ana, to: uri, dueAt: earlier, adapter: "gone")) }
            let first = try await stage.plan(ana, to: uri)
            let second = try await stage.plan(ana, to: uri)
            let claim = { (limit: Int, adapters: Set<String>?) in
                let box = Box<[DispatchID]>()
                _ = try await stage.store.claim(
                    ClaimQuery(now: stage.now, limit: limit, node: 1, adapters: adapters)
                ) { candidates in
                    box.put(candidates.map(\.id))
                    return candidates.map { .leave(until: $0.plan.dueAt) }
                }
                return box.value ?? []
            }
            #expect(ClaimQuery.mostForOthers == 16)
            #expect(try await claim(1, ["mail"]) == [first] + gone[..<16])
            #expect(try await claim(9, ["mail", "texts"]) == [first, second] + gone[..<16])
            #expect(try await claim(9, ["unheard of"]) == Array(gone[..<16]))
            #expect(try await claim(9, nil) == Array(gone[..<9]))
            #expect(try await stage.store.nextDue(without: [], adapters: ["mail"]) == Stage.start)
            #expect(try await stage.store.nextDue(without: [], adapters: ["texts"]) == nil)
            #expect(try await stage.store.nextDue(without: [], adapters: nil) == earlier)
        },
        StoreCase("two nodes never get the same dispatch") { stage in
            let other = try await stage.place.open()
            for number in 0..<40 {
                let customer = try await stage.customer("id:x/\(number)")
                _ = try await stage.plan(customer, to: uri)
            }
            let claimed = try await withThrowingTaskGroup(of: [DispatchID].self) { group in
                for node in 1...8 {
                    group.addTask {
                        try await stage.claimAll(
                            node: Int64(node), limit: 7, on: node % 2 == 0 ? stage.store : other
                        ).map(\.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 40)
            #expect(Set(claimed).count == 40)
            try await other.close()
        },
        StoreCase("every decision is written: claimed, deferred, skipped, left") { stage in
            let ana = try await stage.customer(uri)
            var ids: [DispatchID] = []
            for _ in 0..<4 { ids.append(try await stage.plan(ana, to: uri)) }
            let later = Stage.start.adding(seconds: 60)
            let claimed = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { _ in
                [
                    .claim(routeIndex: 1, policyVersion: "p1"),
                    .defer(until: later, rule: "cap", evidence: ["d1", "d2"], policyVersion: "p2"),
                    .skip(rule: "consent", evidence: ["k1"], policyVersion: "p3"), .leave(until: later),
                ]
            }
            #expect(claimed.map(\.id) == [ids[0]])
            #expect(claimed.first?.route.adapter == "texts")
            var rows: [DispatchRow] = []
            for id in ids { rows.append(try #require(try await stage.store.dispatch(id))) }
            #expect(rows.map(\.state) == [.claimed, .deferred, .skipped, .planned])
            #expect(rows.map(\.rule) == [nil, "cap", "consent", nil])
            #expect(rows.map(\.evidence) == [[], ["d1", "d2"], ["k1"], []])
            #expect(rows.map(\.policyVersion) == ["p1", "p2", "p3", nil])
            #expect(rows.map(\.channel) == [.sms, .email, .email, .email])
            #expect(rows.map(\.claimedAt) == [Stage.start, nil, nil, nil])
            #expect(rows[1].dueAt == later)
            #expect(try await stage.claimAll().isEmpty)
            #expect(try await stage.claimAll(at: later).map(\.id) == [ids[1], ids[3]])
        },
        StoreCase("what is turned to another route waits there, and is not offered before its time") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.plan(ana, to: uri)
            let later = Stage.start.adding(seconds: 60)
            _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { candidates in
                candidates.map { _ in .turn(routeIndex: 1, until: later) }
            }
            let row = try #require(try await stage.store.dispatch(id))
            #expect(row.state == .planned && row.channel == .sms && row.adapter == "texts" && row.dueAt == later)
            #expect(try await stage.store.nextDue(without: [], adapters: ["mail"]) == nil)
            #expect(try await stage.claimAll().isEmpty)
            let candidate = try #require(try await stage.claimAll(at: later).first?.candidate)
            #expect(candidate.routeIndex == 1 && candidate.firstRoute == 0)
        },
        StoreCase("the wrong number of decisions changes nothing") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.plan(ana, to: uri)
            await #expect(throws: StoreError.self) {
                _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { _ in [] }
            }
            #expect(try await stage.state(of: id) == .planned)
        },
        StoreCase("a claim sees what an earlier one reserved, in the same transaction that reserves") { stage in
            let ana = try await stage.customer(uri)
            for _ in 0..<10 { _ = try await stage.plan(ana, to: uri) }
            // A cap of one: claim when nothing counts yet, else skip.
            try await withThrowingTaskGroup { group in
                for node in 1...10 {
                    group.addTask {
                        _ = try await stage.store.claim(
                            ClaimQuery(now: stage.now, limit: 1, node: Int64(node))
                        ) { candidates in
                            candidates.map {
                                $0.facts.dispatches.contains { $0.state.counts }
                                    ? .skip(rule: "cap", evidence: [], policyVersion: "p")
                                    : .claim(routeIndex: 0, policyVersion: "p")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let states = try await stage.store.dispatches(of: ana, limit: 20).map(\.state)
            #expect(states.filter { $0 == .claimed }.count == 1)
            #expect(states.filter { $0 == .skipped }.count == 9)
        },
        StoreCase("a claim counts for the household of its time, which may be younger than the plan") { stage in
            let bob = "mailto:bob@example.com"
            for uri in [uri, bob] {
                let customer = try await stage.customer(uri)
                _ = try await stage.plan(customer, to: uri)
                try await stage.append(customer) { _ in [.profileSet(customer, Customer.Profile(household: "h"))] }
            }
            let first = try await stage.claimAll(limit: 1)[0].id
            let second = try #require(try await stage.claimAll().first)
            #expect(second.candidate.facts.dispatches.map(\.id) == [first.description])
        },
        StoreCase("only the node that claimed a row hands it off, and only once") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.plan(ana, to: uri)
            try await stage.claimAll(node: 1)
            #expect(try await stage.store.handOff([id], node: 2, at: stage.now).isEmpty)
            #expect(try await stage.store.handOff([id, DispatchID(99)], node: 1, at: stage.now) == [id])
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now).isEmpty)
            let row = try #require(try await stage.store.dispatch(id))
            #expect(row.state == .handedOff && row.attempts == 1)
        },
        StoreCase("a pause takes back what was claimed for the customer, and a profile without one does not") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com")
            let ids = [
                try await stage.plan(ana, to: uri), try await stage.plan(bob, to: "mailto:bob@example.com"),
            ]
            try await stage.claimAll()
            try await stage.append(ana) { _ in
                [.profileSet(ana, Customer.Profile(pausedUntil: Stage.start.adding(seconds: 60)))]
            }
            try await stage.append(bob) { _ in [.profileSet(bob, Customer.Profile(name: "Bob"))] }
            #expect(try await stage.store.handOff(ids, node: 1, at: stage.now) == [ids[1]])
            #expect(try await stage.state(of: ids[0]) == .planned)
        },
        StoreCase("what was claimed is taken back by a merge, its undoing, and the loss of an address") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com")
            let changes: [@Sendable (Int64) -> [Effect]] = [
                { _ in [.merged(from: bob, into: ana)] }, { _ in [.unmerged(from: bob, into: ana)] },
                { _ in [.addressDetached(bob, Stage.address("mailto:bob@example.com"))] },
            ]
            for (index, change) in changes.enumerated() {
                let id = try await stage.plan(bob, to: "mailto:bob@example.com", key: "\(index)")
                #expect(try await stage.claimAll().contains { $0.id == id })
                try await stage.append(bob, effects: change)
                #expect(try await stage.store.handOff([id], node: 1, at: stage.now).isEmpty)
            }
            #expect(try await stage.differences() == [])
        },
        StoreCase("a candidate's routes are lost whose addresses nobody who stands behind the customer has any more") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("tel:+8613800138000")
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            _ = try await stage.plan(ana, to: uri)
            let lost = { () async throws -> Set<Int>? in
                let box = Box<Set<Int>>()
                _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { candidates in
                    if let candidate = candidates.first { box.put(candidate.lostRoutes) }
                    return candidates.map { _ in .leave(until: Stage.start) }
                }
                return box.value
            }
            #expect(try await lost() == [])
            try await stage.append(bob) { _ in [.unmerged(from: bob, into: ana)] }
            #expect(try await lost() == [1])
            try await stage.append(ana) { _ in [.addressDetached(ana, Stage.address(uri))] }
            #expect(try await lost() == [0, 1])
        },
        StoreCase("facts cover consents, suppressions, dispatches, cases and responses, not the dispatch itself") {
            stage in
            let ana = try await stage.customer(uri, profile: Customer.Profile(household: "h1"))
            let bob = try await stage.customer("mailto:bob@example.com", profile: Customer.Profile(household: "h1"))
            let cleo = try await stage.customer(uri)
            let spring = try await stage.campaign("spring", occurrence: "1")
            try await stage.append(ana) { position in
                [
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position, ordinal: 1), customer: cleo, address: Stage.address(uri),
                            topic: nil, channel: .email, state: .denied, at: Stage.start, method: "m")),
                    .suppressed(
                        Suppression(
                            id: EntryID(position: position), address: Stage.address(uri), reason: .complaint,
                            at: Stage.start)),
                    .followUpOpened(
                        FollowUp(
                            id: FollowUpID(position), customer: ana, kind: "complaint", summary: "s",
                            openedAt: Stage.start)),
                    .responded(ana, campaign: "spring"),
                ]
            }
            let ofBob = try await stage.plan(bob, to: "mailto:bob@example.com", campaign: spring)
            let ofCleo = try await stage.plan(cleo, to: uri)
            try await stage.claimAll()
            let own = try await stage.plan(ana, to: uri)
            let claimed = try await stage.claimAll()
            let facts = try #require(claimed.first?.candidate.facts)
            #expect(facts.customer.id == ana.description && facts.customer.household == "h1")
            #expect(facts.consents.map(\.id) == ["k4.1"])
            #expect(facts.consents.map(\.customer) == [cleo.description])
            #expect(facts.suppressions.map(\.id) == ["s4"])
            #expect(Set(facts.dispatches.map(\.id)) == [ofBob.description, ofCleo.description])
            #expect(facts.openCases.map(\.id) == ["f4"])
            #expect(facts.responses.map(\.id) == ["i4"])
            let household = try #require(facts.dispatches.first { $0.id == ofBob.description })
            #expect(household.campaign == "spring" && household.occurrence == "1" && household.at == stage.now)
            #expect(household.household == "h1" && household.content == "c1" && household.offer == "o1")
            let outside = try await stage.store.facts(
                [FactsQuery(customer: ana, addresses: [Stage.address(uri)])], lookback: .everything)
            #expect(Set(outside[0].dispatches.map(\.id)).contains(own.description))
            #expect(outside[0].consents == facts.consents && outside[0].openCases == facts.openCases)
        },
        StoreCase("facts hold the dispatches that are looked at: late ones, the same, and a household's if wanted") {
            stage in
            let (uri, other) = ("mailto:ana@example.com", "mailto:bob@example.com")
            let profile = Customer.Profile(household: "h1")
            let ana = try await stage.customer(uri, profile: profile)
            let bob = try await stage.customer(other, profile: profile)
            let (spring, summer) = (try await stage.campaign("spring"), try await stage.campaign("summer"))
            var ids: [String] = []
            // Of each of the two one over each campaign and one alone, a minute after the other.
            for (minute, campaign) in [spring, summer, nil].enumerated() {
                for (customer, uri) in [(ana, uri), (bob, other)] {
                    ids.append(try await stage.plan(customer, to: uri, campaign: campaign).description)
                }
                try await stage.claimAll(at: stage.now.adding(seconds: Int64(minute) * 60))
            }
            func found(_ query: FactsQuery, _ lookback: Lookback) async throws -> [Int] {
                try await stage.store.facts([query], lookback: lookback)[0].dispatches
                    .compactMap { ids.firstIndex(of: $0.id) }
            }
            let bare = FactsQuery(customer: ana, addresses: [])
            let about = FactsQuery(customer: ana, addresses: [], campaign: spring)
            let late = Lookback.Window(after: stage.now.adding(seconds: 60), includesSame: true)
            #expect(try await found(bare, .everything) == [0, 1, 2, 3, 4, 5])
            #expect(try await found(about, .nothing) == [])
            #expect(try await found(bare, Lookback(own: late, household: .nothing)) == [4])
            #expect(try await found(about, Lookback(own: late, household: .nothing)) == [0, 4])
            #expect(try await found(about, Lookback(own: .nothing, household: late)) == [0, 1, 4, 5])
            let same = Lookback.Window(includesSame: true)
            #expect(try await found(about, Lookback(own: .nothing, household: same)) == [0, 1])
            #expect(try await found(bare, Lookback(own: same, household: same)) == [])
            for query in [
                FactsQuery(customer: ana, addresses: [], content: "c1"),
                FactsQuery(customer: ana, addresses: [], offer: "o1"),
            ] {
                #expect(try await found(query, Lookback(own: same, household: .nothing)) == [0, 2, 4])
            }
            // And so do a claim's.
            _ = try await stage.plan(ana, to: uri, campaign: try await stage.campaign("autumn"))
            let box = Box<[ClaimCandidate]>()
            let query = ClaimQuery(
                now: stage.now, limit: 9, node: 1,
                lookback: Lookback(own: Lookback.Window(after: late.after), household: .nothing))
            _ = try await stage.store.claim(query) { candidates in
                box.put(candidates)
                return candidates.map { _ in .leave(until: stage.now) }
            }
            #expect(box.value?.map { $0.facts.dispatches.map(\.id) } == [[ids[4]]])
        },
    ]
}
