import RapportCore
import RapportLog
import Testing

/// `IntakeFacts`: what a batch's events are decided by.
enum FactsCases {
    private static func facts(
        _ stage: Stage, _ item: IntakeItem
    ) async throws -> IntakeFacts {
        let box = Box<IntakeFacts>()
        _ = try await stage.store.commit([item], query: stage.query()) { _, facts in
            box.put(facts)
            return [IntakeDecision(interactions: [Stage.row(facts.takePosition())])]
        }
        return try #require(box.value)
    }

    static let all: [StoreCase] = [
        StoreCase("an event's addresses lead to their customers, with everything about them") { stage in
            let ana = try await stage.customer(
                "mailto:ana@example.com", "tel:+8613800138000",
                profile: Customer.Profile(
                    name: "Ana", language: "de", timeZone: "Europe/Berlin", household: "h1", owner: "li",
                    tags: ["vip"], attributes: ["city": "Ulm"], quietHours: QuietHours(from: 1320, to: 420),
                    pausedUntil: Stage.start.adding(seconds: 60)))
            let address = Stage.address("tel:+8613800138000")
            let facts = try await facts(stage, IntakeItem(key: nil, addresses: [address, Stage.address("id:x/1")]))
            #expect(facts.customersByAddress == [address: [ana]])
            let customer = try #require(facts.customers[ana])
            #expect(customer.addresses == [Stage.address("mailto:ana@example.com"), address])
            #expect(customer.profile.quietHours == QuietHours(from: 1320, to: 420))
            #expect(customer.profile.attributes == ["city": "Ulm"])
            #expect(customer.profile.pausedUntil == Stage.start.adding(seconds: 60))
            #expect(customer.profile.tags == ["vip"])
        },
        StoreCase("of addresses that are not named there is nothing, unless they are wanted") { stage in
            let ana = try await stage.customer("mailto:ana@example.com", "tel:+8613800138000", "id:crm/1")
            let bob = try await stage.customer("mailto:bob@example.com")
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            let named = ["tel:+8613800138000", "mailto:bob@example.com"].map(Stage.address)
            let item = IntakeItem(key: nil, addresses: named + [Stage.address("id:x/1")], wantsAllAddresses: false)
            #expect(Set(try await facts(stage, item).customers[ana]?.addresses ?? []) == Set(named))
            let nameless = IntakeItem(key: nil, customer: bob, wantsAllAddresses: false)
            let customer = try #require(try await facts(stage, nameless).customers[bob])
            #expect(customer.id == ana && customer.addresses.isEmpty)
            // One that wants them has them, whatever the others of the batch want.
            let box = Box<IntakeFacts>()
            _ = try await stage.store.commit([item, IntakeItem(key: nil, customer: bob)], query: stage.query()) {
                new, facts in
                box.put(facts)
                return new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
            }
            #expect(box.value?.customers[ana]?.addresses.count == 4)
        },
        StoreCase("without their profiles customers are who stands for them, with the addresses that are named") {
            stage in
            let ana = try await stage.customer("mailto:ana@example.com", profile: Customer.Profile(name: "Ana"))
            let bob = try await stage.customer("mailto:bob@example.com", profile: Customer.Profile(name: "Bob"))
            let eva = try await stage.customer("mailto:eva@example.com", profile: Customer.Profile(name: "Eva"))
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            let named = ["mailto:bob@example.com", "mailto:eva@example.com"].map(Stage.address)
            let item = IntakeItem(key: nil, addresses: named, wantsAllAddresses: false, wantsProfile: false)
            let bare = try await facts(stage, item)
            #expect(bare.customersByAddress == [named[0]: [ana], named[1]: [eva]])
            #expect(bare.customers[bob] == Customer(id: ana, addresses: [named[0]]))
            #expect(bare.customers[ana] == bare.customers[bob])
            #expect(bare.customers[eva] == Customer(id: eva, addresses: [named[1]]))
            // One that wants its own gives all of the batch theirs: it may turn out to be about any of them.
            let box = Box<IntakeFacts>()
            for other in [IntakeItem(key: nil), IntakeItem(key: nil, customer: eva, wantsProfile: false)] {
                _ = try await stage.store.commit([item, other], query: stage.query()) { new, facts in
                    box.put(facts)
                    return new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
                }
                #expect(box.value?.customers[bob]?.profile.name == "Ana")
                #expect(box.value?.customers[eva]?.profile.name == "Eva")
            }
            _ = try await stage.store.erase(eva, at: Stage.start, by: "li") { _, _ in }
            #expect(try await facts(stage, item).customersByAddress == [named[0]: [ana]])
            let stranger = IntakeItem(key: nil, customer: CustomerID(4711), wantsProfile: false)
            #expect(try await facts(stage, stranger).customers.isEmpty)
        },
        StoreCase("of the customers who share an address, the one with the latest contact over it comes first") {
            stage in
            let uri = "mailto:family@example.com"
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(uri, "tel:+8613800138000")
            try await stage.append(bob, from: "family@example.com")
            try await stage.append(ana, from: "Family@Example.com")
            try await stage.append(bob, from: "+8613800138000")
            let address = Stage.address(uri)
            #expect(try await stage.store.customers(at: [address]) == [address: [ana, bob]])
            try await stage.append(bob, from: "family@example.com")
            #expect(
                try await facts(stage, IntakeItem(key: nil, addresses: [address])).customersByAddress == [
                    address: [bob, ana]
                ])
        },
        StoreCase("a response is dated by the latest, whichever came in last") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let times = [10, 60, 60, 30].map { Stage.start.adding(seconds: $0) }
            for at in times { try await stage.append(ana, at: at) { _ in [.responded(ana, campaign: "spring")] } }
            let facts = try await stage.store.facts([FactsQuery(customer: ana, addresses: [])], lookback: .everything)[
                0]
            #expect(facts.responses.map(\.at) == [times[1]] && facts.responses.map(\.id) == ["i4"])
            #expect(try await stage.differences() == [])
        },
        StoreCase("the longest pause of all who were merged holds, and quiet hours of one where the customer has none")
        {
            stage in
            let uri = "mailto:ana@example.com"
            let (soon, late) = (Stage.start.adding(seconds: 30), Stage.start.adding(seconds: 60))
            let night = QuietHours(from: 1320, to: 420)
            let ana = try await stage.customer(uri, profile: Customer.Profile(pausedUntil: soon))
            let bob = try await stage.customer(
                "id:x/1", profile: Customer.Profile(quietHours: night, pausedUntil: late))
            let cleo = try await stage.customer("id:x/2", profile: Customer.Profile(name: "Cleo"))
            _ = try await stage.plan(ana, to: uri)
            for other in [bob, cleo] { try await stage.append(other) { _ in [.merged(from: other, into: ana)] } }
            let query = FactsQuery(customer: bob, addresses: [])
            let told = try await stage.store.facts([query], lookback: .everything)[0].customer
            #expect(told.id == ana.description && told.pausedUntil == late && told.quietHours == night)
            #expect(try await stage.claimAll().first?.candidate.facts.customer == told)
            let shown = try #require(try await stage.store.shown([bob])[bob])
            #expect(shown.id == ana && shown.profile.pausedUntil == late && shown.profile.quietHours == night)
            #expect(try await stage.store.search("ana@", limit: 9) == [shown])
            let own = try #require(try await stage.store.customers([bob])[bob]?.profile)
            #expect(own.pausedUntil == soon && own.quietHours == nil)
            let item = IntakeItem(key: nil, customer: cleo)
            let resting = try await facts(stage, item).restingMembers
            #expect(resting[ana]?.map(\.id) == [bob])
            #expect(resting[ana]?.first?.profile == Customer.Profile(quietHours: night, pausedUntil: late))
            try await stage.append(ana) { _ in
                [.profileSet(ana, Customer.Profile(quietHours: QuietHours(from: 0, to: 9)))]
            }
            #expect(try await stage.store.facts([query], lookback: .everything)[0].customer.quietHours?.to == 9)
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            let alone = try await stage.store.facts([FactsQuery(customer: ana, addresses: [])], lookback: .everything)[
                0
            ].customer
            #expect(alone.pausedUntil == nil && alone.quietHours?.to == 9)
        },
        StoreCase("a merged customer is replaced by the one that stands for it") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("mailto:bob@example.com")
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            let address = Stage.address("mailto:bob@example.com")
            let facts = try await facts(stage, IntakeItem(key: nil, addresses: [address], customer: bob))
            #expect(facts.customersByAddress == [address: [ana]])
            #expect(facts.customers[bob]?.id == ana)
            #expect(facts.customers[ana]?.addresses.count == 2)
        },
        StoreCase("a dispatch is found by our id and by the provider's, with its customer") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let campaign = try await stage.campaign("spring", occurrence: "2026-03")
            let id = try await stage.handedOff(ana, to: "mailto:ana@example.com", campaign: campaign)
            try await stage.record(id, .sent(state: .accepted, providerMessageID: "m-1"))
            for reference in [DispatchReference.dispatch(id), .provider(adapter: "mail", messageID: "m-1")] {
                let facts = try await facts(stage, IntakeItem(key: nil, dispatch: reference, isAnswer: true))
                #expect(
                    facts.dispatches[reference]
                        == DispatchSummary(
                            id: id, customer: ana, address: Stage.address("mailto:ana@example.com"), channel: .email,
                            adapter: "mail", messageClass: .marketing, topic: "news", campaign: "spring",
                            occurrence: "2026-03", state: .accepted))
                #expect(facts.customers[ana] != nil)
                #expect(
                    facts.recentCampaigns[ana] == [
                        CampaignContact(
                            dispatch: id, campaign: "spring", occurrence: "2026-03", channel: .email, at: stage.now)
                    ])
            }
            let other = DispatchReference.provider(adapter: "texts", messageID: "m-1")
            #expect(try await facts(stage, IntakeItem(key: nil, dispatch: other)).dispatches.isEmpty)
        },
        StoreCase("a dispatch comes with the routes before the one that it takes now") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let id = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            try await stage.record(id, .fallBack(toRoute: 1))
            let item = IntakeItem(key: nil, dispatch: .dispatch(id))
            let found = try #require(try await facts(stage, item).dispatches[.dispatch(id)])
            let first = Route(channel: .email, adapter: "mail", address: Stage.address("mailto:ana@example.com"))
            #expect(found.channel == .sms && found.route == 1 && found.earlier == [first])
        },
        StoreCase("whoever has the address of a dispatch now is there where all addresses are wanted") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("mailto:bob@example.com")
            try await stage.append(ana) { _ in [.merged(from: ana, into: bob)] }
            let id = try await stage.handedOff(bob, to: "mailto:ana@example.com")
            let item = IntakeItem(key: nil, dispatch: .dispatch(id))
            let address = Stage.address("mailto:ana@example.com")
            #expect(try await facts(stage, item).customersByAddress == [address: [bob]])
            try await stage.append(bob) { _ in [.unmerged(from: ana, into: bob)] }
            let apart = try await facts(stage, item)
            #expect(apart.customersByAddress == [address: [ana]])
            #expect(apart.customers[ana]?.id == ana && apart.customers[bob]?.id == bob)
            let other = IntakeItem(key: nil, dispatch: .dispatch(id), wantsAllAddresses: false)
            #expect(try await facts(stage, other).customersByAddress.isEmpty)
        },
        StoreCase("whoever has an address now that a dispatch has left is there, too, where all are wanted") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("tel:+8613800138000")
            let id = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            try await stage.record(id, .fallBack(toRoute: 1))
            let item = IntakeItem(key: nil, dispatch: .dispatch(id))
            let mailbox = Stage.address("mailto:ana@example.com")
            let number = Stage.address("tel:+8613800138000")
            #expect(try await facts(stage, item).customersByAddress == [mailbox: [ana], number: [bob]])
            let other = IntakeItem(key: nil, dispatch: .dispatch(id), wantsAllAddresses: false)
            #expect(try await facts(stage, other).customersByAddress.isEmpty)
        },
        StoreCase("conversations are there, and whose they are") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            try await stage.append(ana) { _ in [.conversationNamed("t1", keys: ["<1@x>", "<2@x>"])] }
            let address = Stage.address("mailto:ana@example.com")
            let found = try await facts(
                stage, IntakeItem(key: nil, addresses: [address], conversationKeys: ["<2@x>", "<3@x>"]))
            #expect(found.conversations == ["<2@x>": KnownConversation("t1", customer: ana)])
            let nameless = try await facts(stage, IntakeItem(key: nil, conversationKeys: ["<1@x>"]))
            #expect(nameless.customers[ana]?.id == ana)
        },
        StoreCase("a name that two gave is the later one's, and the other's again when an erasure takes that away") {
            stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("mailto:bob@example.com")
            for (customer, conversation) in [(ana, "t1"), (bob, "t2")] {
                try await stage.append(customer) { _ in [.conversationNamed(conversation, keys: ["<1@x>", "<1@x>"])] }
            }
            let item = IntakeItem(key: nil, conversationKeys: ["<1@x>"])
            #expect(
                try await facts(stage, item).conversations == ["<1@x>": KnownConversation("t2", customer: bob)])
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            #expect(
                try await facts(stage, item).conversations == ["<1@x>": KnownConversation("t1", customer: ana)])
            #expect(try await stage.differences() == [])
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            #expect(try await facts(stage, item).conversations.isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what is open is found by conversation and kind, however much the customer waits for") { stage in
            let uri = "mailto:ana@example.com"
            let ana = try await stage.customer(uri)
            let alias = try await stage.customer("mailto:old@example.com")
            let dispatch = try await stage.plan(ana, to: uri)
            try await stage.append(ana) { _ in
                [.merged(from: alias, into: ana), .conversationNamed("t1", keys: ["<1@x>"])]
            }
            func open(_ conversation: String?, kind: String = "message", of customer: CustomerID) async throws
                -> FollowUpID
            {
                FollowUpID(
                    try await stage.append(customer) { position in
                        [
                            .followUpOpened(
                                FollowUp(
                                    id: FollowUpID(position), customer: customer, kind: kind, summary: "help",
                                    openedAt: Stage.start, conversation: conversation))
                        ]
                    }.number)
            }
            let first = try await open("t1", of: alias)
            for name in ["call:7", ConversationName.sms(ana), ConversationName.dispatch(dispatch)] {
                _ = try await open(name, of: ana)
            }
            _ = try await open("t1", kind: "complaint", of: ana)
            for number in 0..<60 { _ = try await open("other \(number)", of: ana) }
            _ = try await open(nil, of: ana)

            func found(_ item: IntakeItem) async throws -> Set<String> {
                var item = item
                item.followUpKind = "message"
                let open = try await facts(stage, item).openFollowUps
                #expect(open.allSatisfy { $0.customer == ana && $0.kind == "message" })
                return Set(open.map(\.conversation))
            }
            let texts = ConversationName.sms(ana)
            let address = Stage.address(uri)
            #expect(try await found(IntakeItem(key: nil, addresses: [address])) == [texts])
            #expect(try await found(IntakeItem(key: nil, conversationKeys: ["<1@x>"])) == ["t1", texts])
            #expect(try await found(IntakeItem(key: nil, customer: ana, conversation: "call:7")) == ["call:7", texts])
            #expect(
                try await found(IntakeItem(key: nil, dispatch: .dispatch(dispatch)))
                    == [ConversationName.dispatch(dispatch), texts])
            #expect(try await facts(stage, IntakeItem(key: nil, addresses: [address])).openFollowUps.isEmpty)
            try await stage.append(ana) { _ in [.followUpClosed(first, at: Stage.start, resolution: "answered")] }
            #expect(try await found(IntakeItem(key: nil, conversationKeys: ["<1@x>"])) == [texts])
        },
    ]
}
