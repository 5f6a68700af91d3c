import RapportCore
import RapportLog
import Testing

/// Erasing a customer.
enum EraseCases {
    private static let uri = "mailto:ana@example.com"
    private static let shared = "tel:+8613800138000"
    private static let bobs = "mailto:bob@example.com"

    /// A customer with something in every table.
    private static func fill(_ stage: Stage) async throws -> CustomerID {
        let ana = try await stage.customer(uri, shared, profile: Customer.Profile(name: "Ana", household: "h"))
        _ = try await stage.customer(shared)
        _ = try await stage.store.commit([IntakeItem(key: Stage.key(7))], query: stage.query()) { _, facts in
            let position = facts.takePosition()
            var row = Stage.row(position, customer: ana, from: "ana@example.com", text: "my secret")
            row.subject = "secret"
            row.attributes = ["note": "secret"]
            row.payload = Interaction.Payload(type: "text/plain", bytes: Array("secret".utf8))
            row.effects = [
                .conversationNamed("t1", keys: ["<1@x>"]), .responded(ana, campaign: "spring"),
                .followUpOpened(
                    FollowUp(
                        id: FollowUpID(position), customer: ana, kind: "message", summary: "secret",
                        openedAt: Stage.start)),
                .consentRecorded(
                    ConsentEntry(
                        id: EntryID(position: position), customer: ana, address: Stage.address(uri), topic: nil,
                        channel: nil, state: .granted, at: Stage.start, method: "m", proof: ["ip": "192.0.2.1"])),
            ]
            return [IntakeDecision(interactions: [row])]
        }
        // Rows of nobody's about the address and in its words, as a source writes them.
        for sender in ["Ana@Example.com", "mailto:ana@example.com"] {
            try await stage.append(from: sender, text: "secret")
        }
        try await stage.append(from: "ANA@example.com", text: "secret") { position in
            [
                .suppressed(
                    Suppression(
                        id: EntryID(position: position), address: Stage.address(uri), reason: .stop, at: Stage.start))
            ]
        }
        return ana
    }

    /// Two customers who were one for a while, in which the first stood for both. What is the second's is secret.
    private static func parted(_ stage: Stage) async throws -> (ana: CustomerID, bob: CustomerID) {
        let ana = try await stage.customer(uri, profile: Customer.Profile(name: "Ana"))
        let bob = try await stage.customer(bobs)
        try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
        for (uri, word) in [(bobs, "secret"), (uri, "kept")] {
            let opened = try await take(stage) { said($0, ana, from: uri, word) }
            try await take(stage) { position in
                var act = Stage.row(position, customer: ana, kind: .followUpAssigned, text: word, direction: .internal)
                act.effects = [.followUpAssigned(FollowUpID(opened.number), owner: word)]
                return act
            }
            // What belongs to it names nobody.
            try await take(stage) { position in
                var row = Stage.row(position, customer: ana, text: word)
                row.references.conversation = word
                return row
            }
        }
        let sent = try await stage.handedOff(ana, to: bobs)
        try await stage.record(sent, .sent(state: .accepted, providerMessageID: nil))
        try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
        // A receipt that comes late, from somebody else.
        try await take(stage) { position in
            var row = Stage.row(position, customer: ana, kind: .deliveryBounced, from: "mx@example.net", text: "secret")
            row.references.dispatch = sent
            row.effects = [.dispatchAdvanced(sent, .bounced)]
            return row
        }
        return (ana, bob)
    }

    /// What somebody wrote when both were one, with all that it changed.
    private static func said(
        _ position: Int64, _ customer: CustomerID, from uri: String, _ word: String
    ) -> Interaction {
        var row = Stage.row(position, customer: customer, from: Stage.address(uri).value.uppercased(), text: word)
        row.subject = word
        row.references.conversation = word
        row.payload = Interaction.Payload(type: "text/plain", bytes: Array(word.utf8))
        row.effects = [
            .conversationNamed(word, keys: [word]),
            .followUpOpened(
                FollowUp(
                    id: FollowUpID(position), customer: customer, kind: "message", summary: word,
                    openedAt: Stage.start)),
        ]
        row.effects += [Stage.address(uri), nil].enumerated().map { ordinal, address in
            Effect.consentRecorded(
                ConsentEntry(
                    id: EntryID(position: position, ordinal: ordinal), customer: customer, address: address,
                    topic: "news", channel: nil, state: address == nil ? .denied : .granted, at: Stage.start,
                    method: "m", proof: ["wording": word, "interaction": "i1"]))
        }
        return row
    }

    /// What somebody asks in a conversation that others have a part in; whoever is the first opens something.
    private static func question(
        _ position: Int64, to customer: CustomerID, from uri: String, _ word: String, opens: Bool
    ) -> Interaction {
        var row = Stage.row(position, customer: customer, from: Stage.address(uri).value, text: word)
        row.references.conversation = "talk"
        if opens {
            row.effects = [
                .followUpOpened(
                    FollowUp(
                        id: FollowUpID(position), customer: customer, kind: "message", summary: word,
                        openedAt: Stage.start, dueAt: Stage.start.adding(seconds: 60), conversation: "talk"))
            ]
        }
        return row
    }

    /// What a colleague does about it, in words that may tell of anybody.
    private static func act(
        _ position: Int64, to customer: CustomerID, _ kind: InteractionKind, _ effect: Effect
    ) -> Interaction {
        Stage.row(position, customer: customer, kind: kind, text: "secret", direction: .internal, effects: [effect])
    }

    /// What a message to Bob's address came back with.
    private static func refusal(
        _ position: Int64, of dispatch: DispatchID, to customer: CustomerID, _ reason: Suppression.Reason
    ) -> Interaction {
        var row = Stage.row(
            position, customer: customer, kind: .deliveryFailed, from: "mx@example.net", text: "secret bob@example.com")
        row.attributes = ["detail": "secret"]
        row.references.dispatch = dispatch
        row.payload = Interaction.Payload(type: "text/plain", bytes: Array("secret".utf8))
        row.effects = [
            .suppressed(
                Suppression(
                    id: EntryID(position: position), address: Stage.address(bobs), reason: reason, at: Stage.start))
        ]
        return row
    }

    /// A receipt of nobody's, for a provider's id that is the word and that nobody knows yet.
    private static func park(_ stage: Stage, from uri: String, _ word: String) async throws -> InteractionID {
        let reference = DispatchReference.provider(adapter: "mail", messageID: word)
        let outcomes = try await stage.store.commit(
            [IntakeItem(key: nil, dispatch: reference)], query: stage.query()
        ) { _, facts in
            var row = Stage.row(
                facts.takePosition(), kind: .deliveryDelivered, from: Stage.address(uri).value, text: word)
            row.attributes = ["outcome": "delivered", "code": word]
            row.payload = Interaction.Payload(type: "text/plain", bytes: Array(word.utf8))
            return [IntakeDecision(interactions: [row], parkedUnder: reference)]
        }
        return outcomes[0].interaction
    }

    /// The row by which it counts.
    private static func unpark(
        _ stage: Stage, _ receipt: InteractionID, of dispatch: DispatchID, to customer: CustomerID, _ word: String
    ) async throws {
        _ = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
            var row = Stage.row(
                facts.takePosition(), customer: customer, kind: .deliveryDelivered, direction: .internal,
                effects: [.dispatchAdvanced(dispatch, .delivered)])
            row.attributes = ["outcome": "delivered", "code": word]
            row.references = Interaction.References(dispatch: dispatch, inReplyTo: receipt)
            return [IntakeDecision(interactions: [row], unparks: receipt)]
        }
    }

    @discardableResult
    private static func take(
        _ stage: Stage, _ row: @escaping @Sendable (_ position: Int64) -> Interaction
    ) async throws -> InteractionID {
        let outcomes = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
            [IntakeDecision(interactions: [row(facts.takePosition())])]
        }
        return outcomes[0].interaction
    }

    static let all: [StoreCase] = [
        StoreCase("erasing removes everything personal and says what; doing it again changes nothing") { stage in
            let ana = try await fill(stage)
            let removed = try await stage.store.erase(ana, at: stage.now, by: "li")
            #expect(!removed.isEmpty)
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && !"\(rows)".lowercased().contains("ana@example.com"))
            #expect(rows.last?.kind == .customerErased)
            let timeline = try await stage.store.timeline(of: ana, before: nil, limit: 9, including: .payloads)
            #expect(timeline.allSatisfy { $0.payload == nil })
            let customer = try #require(try await stage.store.customers([ana])[ana])
            #expect(customer.erased && customer.addresses.isEmpty && customer.profile == Customer.Profile())
            #expect(try await stage.store.consents(of: ana).isEmpty)
            #expect(try await stage.store.followUps(FollowUpFilter(customer: ana), limit: 9).isEmpty)
            #expect(try await stage.store.search("ana", limit: 9).isEmpty)
            #expect(try await stage.store.erase(ana, at: stage.now, by: "li").isEmpty)
            #expect(try await stage.store.lastPosition() == rows.last?.id.number)
            #expect(try await stage.differences() == [])
        },
        StoreCase("an erased address is suppressed when it comes back, by hand and for good") { stage in
            let ana = try await fill(stage)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let again = try await stage.customer(uri)
            let address = Stage.address(uri)
            #expect(try await stage.store.customers(at: [address]) == [address: [again]])
            try await stage.append(again) { _ in
                Suppression.Reason.allCases.map { .suppressionLifted(address, $0) }
            }
            let found = try await stage.store.suppressions(of: [address])
            #expect(found.map(\.reason) == [.manual] && found.map(\.address) == [address])
            #expect(found.allSatisfy { $0.until == nil })
            let facts = try await stage.store.facts(
                [FactsQuery(customer: again, addresses: [address])], lookback: .everything)[0]
            #expect(facts.suppressions.map(\.reason) == [.manual])
            #expect(try await stage.differences() == [])
        },
        StoreCase("erasing empties nobody's rows of the number alone, however it was written") { stage in
            let ana = try await stage.customer(shared)
            for sender in ["+8613800138000", "138 0013-8000", "008613800138000"] {
                try await stage.append(from: sender, text: "secret")
            }
            for sender in ["+13800138000", "8000", "+8613800138001", "13800138000@example.com"] {
                try await stage.append(from: sender, text: "kept")
            }
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let texts = try await stage.store.interactions(after: nil, limit: 99).compactMap(\.text)
            #expect(texts == ["kept", "kept", "kept", "kept"])
        },
        StoreCase("an address shared with somebody else stays theirs") { stage in
            let ana = try await fill(stage)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let address = Stage.address(shared)
            #expect(try await stage.store.customers(at: [address])[address]?.count == 1)
            #expect(try await stage.store.suppressions(of: [address]).isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what was sent to a shared address counts there after one of those who share it was erased") {
            stage in
            let ana = try await stage.customer(uri, shared)
            let bob = try await stage.customer(shared)
            for address in [uri, shared] {
                let id = try await stage.handedOff(ana, to: address)
                try await stage.record(id, .sent(state: .accepted, providerMessageID: nil))
            }
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            #expect(try await stage.counted(bob, shared) == [.accepted])
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.dispatches(of: ana, limit: 9)
            #expect(rows.count == 2 && rows.allSatisfy { $0.address.uri.hasPrefix("id:erased/") }, "\(rows)")
            #expect(try await stage.differences() == [])
        },
        StoreCase("what an erased customer forbade at a shared address stays forbidden there, and no more") { stage in
            let ana = try await stage.customer(uri, shared)
            let bob = try await stage.customer(shared)
            let address = Stage.address(shared)
            try await stage.append(ana) { position in
                [nil, address].enumerated().map { ordinal, address in
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position, ordinal: ordinal), customer: ana, address: address,
                            topic: "news", channel: .sms, state: .denied, at: Stage.start, method: "m",
                            proof: ["ip": "192.0.2.1"]))
                }
            }
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let facts = try await stage.store.facts(
                [FactsQuery(customer: bob, addresses: [address])], lookback: .everything)[0]
            #expect(facts.consents.map(\.state) == [.denied] && facts.consents.map(\.address) == [address])
            #expect(facts.consents.map(\.topic) == ["news"] && facts.suppressions.isEmpty)
            #expect(try await stage.store.consents(of: bob).allSatisfy { $0.proof.isEmpty })
            #expect(try await stage.differences() == [])
        },
        StoreCase("an address that only a consent or a message knows is erased like the others") { stage in
            let ana = try await stage.customer(uri)
            let (old, older) = ("mailto:old@example.com", "mailto:older@example.com")
            try await stage.append(ana) { position in
                [
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position), customer: ana, address: Stage.address(old), topic: nil,
                            channel: nil, state: .denied, at: Stage.start, method: "m"))
                ]
            }
            _ = try await stage.handedOff(ana, to: older)
            try await stage.append(from: old, text: "secret")
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            for uri in [old, older] {
                #expect(try await stage.store.suppressions(of: [Stage.address(uri)]).map(\.reason) == [.manual])
            }
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && !"\(rows)".contains("@example.com"))
            #expect(try await stage.differences() == [])
        },
        StoreCase("what was in flight at an erasure is settled with the others, and nothing waits for the erased") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com")
            var ids: [DispatchID] = []
            for _ in 0..<4 { ids.append(try await stage.handedOff(ana, to: uri, repeats: true)) }
            let other = try await stage.handedOff(bob, to: "mailto:bob@example.com")
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let outcomes: [DispatchResult.Outcome] = [
                .fallBack(toRoute: 1), .retry(at: stage.now, rule: "r"), .released,
                .repeat(at: stage.now, rule: "r"), .sent(state: .accepted, providerMessageID: nil),
            ]
            try await stage.store.record(
                zip(ids + [other], outcomes).map { DispatchResult(id: $0, outcome: $1, detail: "no ana@example.com") },
                node: 1, at: stage.now
            ) { _ in [] }
            for (id, state) in zip(ids, [DispatchState.cancelled, .cancelled, .cancelled, .unknown]) {
                let row = try #require(try await stage.store.dispatch(id))
                #expect(row.state == state && row.rule == "erased" && row.detail == nil)
            }
            #expect(try await stage.state(of: other) == .accepted)
            #expect(try await stage.claimAll().isEmpty)
        },
        StoreCase("what was in flight at an erasure and in a crash is not sent again, though it may be repeated") {
            stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri, repeats: true)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let recovery = try await stage.store.recover(node: 2, at: stage.now)
            #expect(recovery.unknown == 1 && recovery.repeated == 0)
            #expect(try await stage.state(of: id) == .unknown)
        },
        StoreCase("what comes in about an erased customer later tells nothing of them") { stage in
            let ana = try await stage.customer(uri, shared)
            let bob = try await stage.customer(shared)
            let id = try await stage.handedOff(ana, to: uri)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            _ = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
                let position = facts.takePosition()
                var row = Stage.row(position, customer: ana, from: uri, text: "secret")
                row.to = uri
                row.subject = "secret"
                row.attributes = ["detail": "secret"]
                row.references = Interaction.References(dispatch: id, conversation: "secret")
                row.payload = Interaction.Payload(type: "text/plain", bytes: Array("secret".utf8))
                row.effects = [
                    .dispatchAdvanced(id, .bounced), .profileSet(ana, Customer.Profile(name: "secret")),
                    .addressAttached(ana, Stage.address(uri)), .responded(ana, campaign: "spring"),
                    .conversationNamed("secret", keys: ["secret"]),
                    .suppressed(
                        Suppression(
                            id: EntryID(position: position), address: Stage.address(uri), reason: .hardBounce,
                            at: Stage.start)),
                ]
                let denied = [Stage.address(uri), Stage.address(shared)].enumerated().map { ordinal, address in
                    Effect.consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position, ordinal: ordinal), customer: ana, address: address,
                            topic: nil, channel: nil, state: .denied, at: Stage.start, method: "token"))
                }
                row.effects += denied
                return [IntakeDecision(interactions: [row])]
            }
            let rows = try await stage.store.timeline(
                of: ana, before: nil, limit: 99, including: [.payloads, .effects])
            #expect(rows.first?.effects.isEmpty == false)
            #expect(!"\(rows)".contains("secret") && !"\(rows)".contains("ana@example.com"))
            #expect(rows.first?.payload == nil && rows.first?.references.dispatch == id)
            #expect(try await stage.state(of: id) == .bounced)
            // The opt-out reaches those who share the address, and the bounce the address should it come back.
            #expect(try await stage.store.consents(of: bob).map(\.state) == [.denied])
            let found = try await stage.store.suppressions(of: [Stage.address(uri)])
            #expect(Set(found.map(\.reason)) == [.manual, .hardBounce])
            #expect(try await stage.store.erase(ana, at: stage.now, by: "li").isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what is planned for an erased customer is cancelled, claimed or not; the counts still balance") {
            stage in
            let ana = try await stage.customer(uri)
            let key = try await stage.campaign("spring")
            let sent = try await stage.handedOff(ana, to: uri, campaign: key)
            let claimed = try await stage.plan(ana, to: uri)
            try await stage.claimAll()
            let planned = try await stage.plan(ana, to: uri)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            #expect(try await stage.store.handOff([claimed], node: 1, at: stage.now).isEmpty)
            #expect(try await stage.state(of: claimed) == .cancelled)
            #expect(try await stage.state(of: planned) == .cancelled)
            #expect(try await stage.state(of: sent) == .handedOff)
            try await stage.record(sent, .sent(state: .accepted, providerMessageID: nil))
            #expect(try await stage.store.progress(key, at: stage.now).states == [.accepted: 1])
            let rows = try await stage.store.dispatches(of: ana, limit: 9)
            #expect(rows.count == 3 && !"\(rows)".contains("ana@example.com"))
        },
        StoreCase("what is planned for a customer who was erased meanwhile is cancelled and keeps nothing of it") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com")
            let key = try await stage.campaign("spring")
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let late = try await stage.plan(ana, to: uri, campaign: key)
            let other = try await stage.plan(bob, to: "mailto:bob@example.com", campaign: key)
            let row = try #require(try await stage.store.dispatch(late))
            #expect(row.state == .cancelled && row.rule == "erased")
            #expect(!"\(row)".contains("ana@example.com"))
            #expect(try await stage.store.routes(of: late).isEmpty)
            #expect(try await stage.claimAll().map(\.id) == [other])
            #expect(try await stage.store.progress(key, at: stage.now).planned == 2)
            #expect(try await stage.differences() == [])
        },
        StoreCase("erasing reaches the customers merged into the one that is erased") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com", profile: Customer.Profile(name: "Bob"))
            try await stage.append(bob, text: "secret")
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && !"\(rows)".contains("bob@") && !"\(rows)".contains("Bob"))
            #expect(try await stage.store.suppressions(of: [Stage.address("mailto:bob@example.com")]).count == 1)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what came in from an erased customer while they were one with somebody goes from the other's rows") {
            stage in
            let (ana, bob) = try await parted(stage)
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && !"\(rows)".lowercased().contains("bob@"), "\(rows)")
            #expect(rows.compactMap(\.text) == ["kept", "kept", "kept"])
            let timeline = try await stage.store.timeline(of: ana, before: nil, limit: 99, including: .payloads)
            #expect(timeline.compactMap(\.payload).map(\.bytes) == [Array("kept".utf8)])
            let customer = try #require(try await stage.store.customers([ana])[ana])
            #expect(customer.profile.name == "Ana" && customer.addresses == [Stage.address(uri)])
            #expect(try await stage.store.followUps(FollowUpFilter(), limit: 9).map(\.summary) == ["kept"])
            // Her own yes and both noes; of the one that came from him nothing tells how he said it.
            let consents = try await stage.store.consents(of: ana)
            #expect(consents.map(\.state) == [.denied, .granted, .denied])
            #expect(consents.map { $0.proof["wording"] } == [nil, "kept", "kept"])
            #expect(try await stage.store.suppressions(of: [Stage.address(bobs)]).map(\.reason) == [.manual])
            #expect(try await stage.differences() == [])
            #expect(try await stage.store.erase(bob, at: stage.now, by: "li").isEmpty)
        },
        StoreCase("rows of others from before and after they were one with an erased customer stay as they are") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana, from: bobs, text: "before")
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            try await stage.append(ana, from: bobs, text: "meanwhile")
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            try await stage.append(ana, from: bobs, text: "after")
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let texts = try await stage.store.interactions(after: nil, limit: 99).compactMap(\.text)
            #expect(texts == ["before", "after"])
        },
        StoreCase("rows of whom the others were one with at another time than an erased customer stay as they are") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            let cy = try await stage.customer(shared)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            try await stage.append(cy, from: bobs, text: "before")
            try await stage.append(cy) { _ in [.merged(from: ana, into: cy)] }
            try await stage.append(cy, from: bobs, text: "meanwhile")
            try await stage.append(cy) { _ in [.unmerged(from: ana, into: cy)] }
            try await stage.append(cy, from: bobs, text: "between")
            try await stage.append(ana, from: bobs, text: "meanwhile")
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            try await stage.append(ana) { _ in [.merged(from: cy, into: ana)] }
            try await stage.append(ana) { _ in [.unmerged(from: cy, into: ana)] }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let texts = try await stage.store.interactions(after: nil, limit: 99).compactMap(\.text)
            #expect(texts == ["before", "between"])
            #expect(try await stage.differences() == [])
        },
        StoreCase("what closes an erased customer's question after they were parted from others goes from their rows") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            let asked = try await take(stage) { said($0, ana, from: bobs, "secret") }
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            try await stage.append(ana, text: "kept")
            try await take(stage) { position in
                var act = Stage.row(
                    position, customer: ana, kind: .followUpClosed, text: "secret", direction: .internal)
                act.effects = [.followUpClosed(FollowUpID(asked.number), at: Stage.start, resolution: "secret")]
                return act
            }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && rows.compactMap(\.text) == ["kept"], "\(rows)")
            #expect(try await stage.differences() == [])
        },
        StoreCase("a question in which the other has asked, too, stays open as theirs when who began it is erased") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            let asked = try await take(stage) { question($0, to: ana, from: bobs, "secret", opens: true) }
            let id = FollowUpID(asked.number)
            try await take(stage) { act($0, to: ana, .followUpAssigned, .followUpAssigned(id, owner: "wu")) }
            try await take(stage) { question($0, to: ana, from: uri, "kept", opens: false) }
            try await take(stage) { question($0, to: ana, from: bobs, "secret", opens: false) }
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            let removed = try await stage.store.erase(bob, at: stage.now, by: "li")
            #expect(removed.first { $0.table == "follow_up" }?.rows == 1)
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && rows.compactMap(\.text) == ["kept"], "\(rows)")
            #expect(
                try await stage.store.followUps(FollowUpFilter(), limit: 9) == [
                    FollowUp(
                        id: id, customer: ana, kind: "message", summary: "kept", owner: "wu", openedAt: Stage.start,
                        dueAt: Stage.start.adding(seconds: 60), conversation: "talk")
                ])
            #expect(try await stage.differences() == [])
            #expect(try await stage.store.erase(bob, at: stage.now, by: "li").isEmpty)
            try await take(stage) {
                act($0, to: ana, .followUpClosed, .followUpClosed(id, at: Stage.start, resolution: "answered"))
            }
            #expect(try await stage.store.followUps(FollowUpFilter(), limit: 9).map(\.resolution) == ["answered"])
            #expect(try await stage.differences() == [])
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let left = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(left)".contains("kept"), "\(left)")
            #expect(try await stage.store.followUps(FollowUpFilter(), limit: 9).isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("a question begun before a merge, or asked in after it was undone, stays the other's all the same") {
            stage in
            let dees = "mailto:dee@example.com"
            let bob = try await stage.customer(bobs)
            let earlier = try await take(stage) { question($0, to: bob, from: bobs, "secret", opens: true) }
            let ana = try await stage.customer(uri)
            let cy = try await stage.customer(shared)
            let dee = try await stage.customer(dees)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            try await take(stage) {
                act($0, to: ana, .followUpAssigned, .followUpAssigned(FollowUpID(earlier.number), owner: "wu"))
            }
            try await take(stage) { question($0, to: ana, from: uri, "kept", opens: false) }
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            try await stage.append(cy) { _ in [.merged(from: dee, into: cy)] }
            let later = try await take(stage) { question($0, to: cy, from: dees, "secret", opens: true) }
            try await stage.append(cy) { _ in [.unmerged(from: dee, into: cy)] }
            try await take(stage) { question($0, to: cy, from: shared, "kept", opens: false) }
            for customer in [bob, dee] { _ = try await stage.store.erase(customer, at: stage.now, by: "li") }
            let followUps = try await stage.store.followUps(FollowUpFilter(), limit: 9)
            #expect(followUps.map(\.id.number) == [earlier.number, later.number], "\(followUps)")
            #expect(followUps.map(\.customer) == [ana, cy] && followUps.map(\.summary) == ["kept", "kept"])
            #expect(followUps.map(\.owner) == ["wu", nil] && followUps.allSatisfy { $0.state == .open })
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && rows.compactMap(\.text) == ["kept", "kept"], "\(rows)")
            #expect(try await stage.differences() == [])
        },
        StoreCase("of two questions in one conversation the one in which the other has asked stays, closed as it was") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            var ids: [FollowUpID] = []
            for isShared in [false, true] {
                let asked = try await take(stage) { question($0, to: ana, from: bobs, "secret", opens: true) }
                let id = FollowUpID(asked.number)
                if isShared { try await take(stage) { question($0, to: ana, from: uri, "kept", opens: false) } }
                try await take(stage) {
                    act($0, to: ana, .followUpClosed, .followUpClosed(id, at: Stage.start, resolution: "secret"))
                }
                ids.append(id)
            }
            let own = try await take(stage) { question($0, to: ana, from: uri, "kept", opens: true) }
            ids.append(FollowUpID(own.number))
            try await take(stage) { question($0, to: ana, from: uri, "kept", opens: false) }
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let followUps = try await stage.store.followUps(FollowUpFilter(), limit: 9)
            #expect(followUps.map(\.id) == [ids[1], ids[2]] && followUps.map(\.summary) == ["kept", "kept"])
            #expect(followUps.map(\.state) == [.closed, .open] && followUps.map(\.closedAt) == [Stage.start, nil])
            #expect(followUps.allSatisfy { $0.resolution == nil })
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret"), "\(rows)")
            #expect(try await stage.differences() == [])
        },
        StoreCase("what is said of an erased customer's things goes from the rows of a third whom the other joined") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            let cy = try await stage.customer(shared)
            let dee = try await stage.customer("mailto:dee@example.com")
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            let asked = try await take(stage) { said($0, ana, from: bobs, "secret") }
            let sent = try await stage.handedOff(ana, to: bobs)
            try await stage.record(sent, .sent(state: .accepted, providerMessageID: nil))
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            try await stage.append(cy) { _ in [.merged(from: ana, into: cy)] }
            try await stage.append(dee) { _ in [.merged(from: cy, into: dee)] }
            try await take(stage) { refusal($0, of: sent, to: dee, .hardBounce) }
            try await stage.append(dee) { _ in [.unmerged(from: cy, into: dee)] }
            try await take(stage) { position in
                var act = Stage.row(
                    position, customer: cy, kind: .followUpClosed, text: "secret", direction: .internal)
                act.effects = [.followUpClosed(FollowUpID(asked.number), at: Stage.start, resolution: "secret")]
                return act
            }
            for customer in [cy, dee] { try await stage.append(customer, text: "kept") }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && rows.compactMap(\.text) == ["kept", "kept"], "\(rows)")
            #expect(!"\(rows)".contains("bob@"), "\(rows)")
            #expect(try await stage.differences() == [])
        },
        StoreCase("what came from an address that an erased customer shared with a third goes from the other's rows") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs, shared)
            let cy = try await stage.customer(shared)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            try await stage.append(ana, from: "+8613800138000", text: "secret")
            try await stage.append(ana, from: "ana@example.com", text: "kept")
            let sent = try await stage.handedOff(ana, to: shared)
            try await stage.record(sent, .sent(state: .accepted, providerMessageID: nil))
            try await take(stage) { position in
                var row = Stage.row(position, customer: ana, kind: .deliveryAccepted, text: "secret")
                row.references.dispatch = sent
                return row
            }
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            try await stage.append(cy, from: "+8613800138000", text: "kept")
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(rows.compactMap(\.text) == ["kept", "kept"])
            #expect(try await stage.counted(cy, shared) == [.accepted])
            // As long as the third has the address it stands in the message, and in what is said of that.
            try await take(stage) { position in
                var row = Stage.row(position, customer: ana, kind: .deliveryBounced, text: "no +8613800138000")
                row.references.dispatch = sent
                row.effects = [.dispatchAdvanced(sent, .bounced)]
                return row
            }
            _ = try await stage.store.erase(cy, at: stage.now, by: "li")
            let left = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(left)".contains("13800138000") && left.compactMap(\.text) == ["kept"], "\(left)")
            let dispatches = try await stage.store.dispatches(of: ana, limit: 9)
            #expect(dispatches.map(\.state) == [.bounced] && !"\(dispatches)".contains("13800138000"), "\(dispatches)")
            #expect(try await stage.store.routes(of: sent).isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("a message to an erased customer's address that was planned for another goes there no more") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            let sent = try await stage.handedOff(ana, to: bobs)
            try await stage.record(sent, .sent(state: .accepted, providerMessageID: nil))
            let claimed = try await stage.plan(ana, to: bobs)
            try await stage.claimAll()
            let planned = try await stage.plan(ana, to: bobs)
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let rows = try await stage.store.dispatches(of: ana, limit: 9)
            #expect(rows.count == 3 && !"\(rows)".contains("bob@"), "\(rows)")
            #expect(try await stage.state(of: sent) == .accepted)
            #expect(try await stage.store.routes(of: sent).isEmpty)
            #expect(try await stage.store.handOff([claimed], node: 1, at: stage.now).isEmpty)
            for id in [claimed, planned] {
                #expect(try await stage.state(of: id) == .planned)
                let routes = try await stage.store.routes(of: id).map(\.address.uri)
                #expect(routes.count == 2 && routes[0].hasPrefix("id:erased/") && routes[1] == shared, "\(routes)")
            }
            #expect(try await stage.differences() == [])
        },
        StoreCase("what is said later of a message to an erased customer's address stays out of the other's rows") {
            stage in
            let ana = try await stage.customer(uri, shared)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            let sent = try await stage.handedOff(ana, to: bobs)
            try await stage.record(sent, .sent(state: .accepted, providerMessageID: nil))
            let inHand = try await stage.handedOff(ana, to: bobs)
            let own = try await stage.handedOff(ana, to: uri)
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            let results = [
                DispatchResult(id: inHand, outcome: .fallBack(toRoute: 1), detail: "secret"),
                DispatchResult(
                    id: own, outcome: .sent(state: .accepted, providerMessageID: nil), detail: "well received"),
            ]
            try await stage.store.record(results, node: 1, at: stage.now) { position in
                var refused = refusal(position, of: inHand, to: ana, .invalid)
                refused.to = "bob@example.com"
                refused.subject = "secret"
                var accepted = Stage.row(position + 1, customer: ana, kind: .messageSent, text: "kept")
                accepted.references.dispatch = own
                accepted.effects = [.dispatchAdvanced(own, .accepted)]
                return [refused, accepted]
            }
            try await take(stage) { position in
                var row = refusal(position, of: sent, to: ana, .hardBounce)
                let further: [Effect] = [
                    .dispatchAdvanced(sent, .bounced),
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position, ordinal: 2), customer: ana, address: Stage.address(bobs),
                            topic: nil, channel: nil, state: .denied, at: Stage.start, method: "secret")),
                    .followUpOpened(
                        FollowUp(
                            id: FollowUpID(position), customer: ana, kind: "message", summary: "secret",
                            openedAt: Stage.start)),
                ]
                row.effects += further
                return row
            }
            let others = try await stage.customer("mailto:cy@example.com")
            for (dispatch, customer) in [(inHand, ana), (sent, others)] {
                try await take(stage) { position in
                    var row = Stage.row(position, customer: customer, kind: .messageSent, text: "kept")
                    row.to = Stage.address(shared).value
                    row.references.dispatch = dispatch
                    return row
                }
            }
            let rows = try await stage.store.timeline(
                of: ana, before: nil, limit: 99, including: [.payloads, .effects])
            #expect(!"\(rows)".contains("secret") && !"\(rows)".contains("bob@"), "\(rows)")
            #expect(try await stage.store.interactions(after: nil, limit: 99).compactMap(\.text).count == 3)
            let dispatches = try await stage.store.dispatches(of: ana, limit: 9)
            #expect(!"\(dispatches)".contains("secret") && "\(dispatches)".contains("well received"), "\(dispatches)")
            #expect(try await stage.state(of: sent) == .bounced)
            let found = try await stage.store.suppressions(of: [Stage.address(bobs)])
            #expect(Set(found.map(\.reason)) == [.manual, .invalid, .hardBounce])
            #expect(try await stage.store.followUps(FollowUpFilter(), limit: 9).isEmpty)
            #expect(try await stage.store.consents(of: ana).isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("a parked receipt is emptied when its message turns out to be to an erased customer's address") {
            stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            let sent = try await stage.handedOff(ana, to: bobs)
            let own = try await stage.handedOff(ana, to: uri)
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            for (dispatch, address, word) in [(sent, bobs, "secret"), (own, uri, "kept")] {
                let parked = try await park(stage, from: address, word)
                try await stage.record(dispatch, .sent(state: .accepted, providerMessageID: word))
                let matched = try await stage.store.matchedReceipts(limit: 9)
                #expect(matched.map(\.receipt.id) == [parked] && matched.map(\.dispatch.id) == [dispatch])
                try await unpark(stage, parked, of: dispatch, to: ana, word)
                #expect(try await stage.state(of: dispatch) == .delivered)
                let receipt = try #require(try await stage.store.interaction(parked, payload: true))
                #expect((receipt.payload == nil) == (word == "secret"))
            }
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            #expect(!"\(rows)".contains("secret") && !"\(rows)".contains("bob@"), "\(rows)")
            #expect(rows.compactMap(\.text) == ["kept"])
            #expect(rows.compactMap { $0.attributes["code"] } == ["kept", "kept"])
            #expect(try await stage.differences() == [])
        },
        StoreCase("erasing the one who stood for both leaves the other's no in force") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(bobs)
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            try await stage.append(ana, from: bobs, text: "secret") { position in
                [
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position), customer: ana, address: Stage.address(bobs), topic: nil,
                            channel: nil, state: .denied, at: Stage.start, method: "m"))
                ]
            }
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            #expect(try await stage.store.interactions(after: nil, limit: 99).compactMap(\.text) == [])
            #expect(try await stage.store.consents(of: bob).map(\.state) == [.denied])
            #expect(try await stage.store.customers([bob])[bob]?.addresses == [Stage.address(bobs)])
            #expect(try await stage.differences() == [])
        },
        StoreCase("a repetition of an erased customer's event is still recognised") { stage in
            let ana = try await fill(stage)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            let outcome = try await stage.store.commit([IntakeItem(key: Stage.key(7))], query: stage.query()) { _, _ in
                []
            }
            #expect(outcome.map(\.isRepetition) == [true])
        },
    ]
}
