import RapportCore
import RapportLog
import Testing

/// `IntakeStoring`: the way into the log.
enum IntakeCases {
    static let all: [StoreCase] = [
        StoreCase("a repetition of an event in the log changes nothing and names the row that is there") { stage in
            let item = IntakeItem(key: Stage.key(1))
            let customer = try await stage.customer("mailto:ana@example.com")
            let first = try await stage.store.commit([item], query: stage.query()) { new, facts in
                new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition(), customer: customer)]) }
            }
            let second = try await stage.store.commit([item], query: stage.query()) { new, _ in
                #expect(new.isEmpty)
                return []
            }
            #expect(
                second == [IntakeOutcome(interaction: first[0].interaction, customer: customer, isRepetition: true)])
            #expect(try await stage.store.lastPosition() == first[0].interaction.number)
        },
        StoreCase("a repetition within one batch becomes one row, and decide sees only the first") { stage in
            let batch = [1, 2, 1, 3, 2].map { IntakeItem(key: Stage.key($0)) }
            let outcomes = try await stage.store.commit(batch, query: stage.query()) { new, facts in
                #expect(new == [0, 1, 3])
                return new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
            }
            #expect(outcomes.map(\.interaction.number) == [1, 2, 1, 3, 2])
            #expect(outcomes.map(\.isRepetition) == [false, false, true, false, true])
            #expect(try await stage.store.lastPosition() == 3)
        },
        StoreCase("events without a key never repeat") { stage in
            let batch = [IntakeItem(key: nil), IntakeItem(key: nil)]
            let outcomes = try await stage.store.commit(batch, query: stage.query()) { new, facts in
                new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
            }
            #expect(outcomes.map(\.interaction.number) == [1, 2])
        },
        StoreCase("a windowed key is the same event only within its window, counted from the first") { stage in
            let item = IntakeItem(key: Stage.key(1, window: 60))
            func commit(after seconds: Int64) async throws -> IntakeOutcome {
                let at = Stage.start.adding(seconds: seconds)
                return try await stage.store.commit([item], query: stage.query(at: at)) { new, facts in
                    new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition(), at: at)]) }
                }[0]
            }
            let first = try await commit(after: 0)
            #expect(first.isRepetition == false)
            #expect(try await commit(after: 59).isRepetition)
            #expect(try await commit(after: 60).isRepetition == false)
            #expect(try await commit(after: 119).isRepetition)
            #expect(try await stage.store.lastPosition() == 2)
        },
        StoreCase("positions begin with 1, rise by one, and a batch's rows get them in order") { stage in
            let batch = (0..<3).map { _ in IntakeItem(key: nil) }
            let outcomes = try await stage.store.commit(batch, query: stage.query()) { new, facts in
                #expect(facts.nextPosition == 1)
                return new.map { index in
                    IntakeDecision(
                        interactions: (0...index).map { _ in Stage.row(facts.takePosition(), text: "of \(index)") })
                }
            }
            #expect(outcomes.map(\.interaction.number) == [1, 2, 4])
            let rows = try await stage.store.interactions(after: nil, limit: 10)
            #expect(rows.map(\.id.number) == [1, 2, 3, 4, 5, 6])
            #expect(rows.map(\.text) == ["of 0", "of 1", "of 1", "of 2", "of 2", "of 2"])
        },
        StoreCase("a batch that breaks the contract leaves nothing behind, and the store goes on") { stage in
            await #expect(throws: StoreError.self) {
                _ = try await stage.store.commit([IntakeItem(key: Stage.key(1))], query: stage.query()) { _, facts in
                    [
                        IntakeDecision(interactions: [
                            Stage.row(facts.takePosition(), effects: [.customerCreated(CustomerID(1))]),
                            Stage.row(facts.nextPosition + 5),
                        ])
                    ]
                }
            }
            #expect(try await stage.store.lastPosition() == 0)
            #expect(try await stage.store.customers([CustomerID(1)]).isEmpty)
            let outcomes = try await stage.store.commit([IntakeItem(key: Stage.key(1))], query: stage.query()) {
                [IntakeDecision(interactions: [Stage.row($1.takePosition())])].prefix($0.count).map { $0 }
            }
            #expect(outcomes[0].isRepetition == false)
        },
        StoreCase("a batch that is refused inside the transaction writes nothing and has no outcomes") { stage in
            let ana = try await stage.customer("id:x/1")
            let bob = try await stage.customer("id:x/2")
            try await stage.append(bob) { position in
                [
                    .merged(from: bob, into: ana),
                    .followUpOpened(
                        FollowUp(
                            id: FollowUpID(position), customer: ana, kind: "message", summary: "?",
                            openedAt: Stage.start)),
                ]
            }
            let last = try await stage.store.lastPosition()
            let box = Box<IntakeFacts>()
            let item = { (number: Int64) in
                IntakeItem(key: Stage.key(1), customer: ana, others: [bob], followUp: FollowUpID(number))
            }
            for number in [last, 99] {
                let outcomes = try await stage.store.commit([item(number)], query: stage.query()) { _, facts in
                    box.put(facts)
                    return []
                }
                #expect(outcomes.isEmpty)
                #expect(box.value?.customers[bob]?.id == ana)
                #expect(box.value?.openFollowUpIDs == (number == last ? [FollowUpID(last)] : []))
            }
            #expect(try await stage.store.lastPosition() == last)
            let outcomes = try await stage.store.commit([item(last)], query: stage.query()) { new, facts in
                new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
            }
            #expect(outcomes.map(\.isRepetition) == [false])
        },
        StoreCase("effects that name nobody are refused with their row") { stage in
            await #expect(throws: StoreError.self) {
                try await stage.append { position in
                    [.addressAttached(CustomerID(99), Stage.address("tel:+8613800138000"))].filter { _ in position > 0 }
                }
            }
            let last = try await stage.store.lastPosition()
            #expect(last == 0)
        },
        StoreCase("many committers at once lose nothing, double nothing and share no position") { stage in
            let outcomes = try await withThrowingTaskGroup(of: [IntakeOutcome].self) { group in
                for writer in 0..<50 {
                    group.addTask {
                        // Every event is delivered twice, by neighbouring writers.
                        let batch = (0..<4).map { IntakeItem(key: Stage.key(UInt64(writer / 2 * 4 + $0 + 1))) }
                        return try await stage.store.commit(batch, query: stage.query()) { new, facts in
                            new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(outcomes.filter { !$0.isRepetition }.count == 100)
            #expect(Set(outcomes.map(\.interaction)).count == 100)
            #expect(try await stage.store.lastPosition() == 100)
        },
        StoreCase("a caller who fails beside others takes nobody down") { stage in
            let results = await withTaskGroup(of: Bool.self) { group in
                for writer in 0..<40 {
                    group.addTask {
                        let outcome = try? await stage.store.commit(
                            [IntakeItem(key: nil)], query: stage.query()
                        ) { _, facts in
                            let position = facts.takePosition()
                            return [
                                IntakeDecision(interactions: [Stage.row(writer % 4 == 0 ? position + 7 : position)])
                            ]
                        }
                        return outcome != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let last = try await stage.store.lastPosition()
            #expect(results == 30 && last == 30)
        },
        StoreCase("what was acknowledged is there when the store is opened again") { stage in
            for _ in 0..<5 { try await stage.append(text: "kept") }
            // Opened beside the first, which was not closed: as after a crash of its process.
            let other = try await stage.place.open()
            #expect(
                try await other.interactions(after: nil, limit: 10).map(\.text) == Array(repeating: "kept", count: 5))
            try await other.close()
        },
        StoreCase("two stores on one place see each other's rows and never give out a position twice") { stage in
            let other = try await stage.place.open()
            let both = [stage.store, other]
            try await withThrowingTaskGroup { group in
                for writer in 0..<20 {
                    group.addTask {
                        _ = try await both[writer % 2].commit(
                            [IntakeItem(key: Stage.key(UInt64(writer / 2 + 1)))], query: stage.query()
                        ) { new, facts in
                            new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await stage.store.lastPosition() == 10)
            #expect(try await other.lastPosition() == 10)
            try await other.close()
        },
        StoreCase("everything about a row comes back as it was written") { stage in
            let customer = try await stage.customer("mailto:ana@example.com")
            let written = Interaction(
                id: InteractionID(2), customer: customer, channel: .sms, adapter: "texts", direction: .outbound,
                kind: .event("order-paid"), occurredAt: Stage.start.adding(milliseconds: -1), recordedAt: Stage.start,
                from: "tel:+8613800138000", to: "mailto:ana@example.com", subject: "«Sub\"ject»\n", text: "text 文",
                attributes: ["a\\": "1\"\u{7f}", "b": "\u{1}\n"], sourceID: "x-1",
                references: Interaction.References(
                    campaign: "spring", occurrence: "2026-03", dispatch: DispatchID(9), conversation: "t1",
                    inReplyTo: InteractionID(1)),
                payload: Interaction.Payload(
                    type: "application/json", bytes: Array(repeating: 65, count: 3_000) + [0, 255]),
                effects: [
                    .profileSet(customer, Customer.Profile(name: "Ana", tags: ["a", "b"], attributes: ["k": "v"])),
                    .addressAttached(
                        customer,
                        Address(normalized: "mailto:b@example.com", deliverable: "mailto:B@example.com")
                            ?? Stage.address("id:x/1")),
                    .conversationNamed("t1", keys: ["<a@b>"]), .responded(customer, campaign: "spring"),
                ])
            _ = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
                _ = facts.takePosition()
                return [IntakeDecision(interactions: [written])]
            }
            #expect(try await stage.store.interaction(InteractionID(2), payload: true) == written)
            var bare = written
            bare.payload = nil
            #expect(try await stage.store.interaction(InteractionID(2), payload: false) == bare)
            #expect(try await stage.store.interactions(after: InteractionID(1), limit: 1) == [bare])
        },
        StoreCase("payloads of every size come back as they were") { stage in
            let sizes = [0, 1, 63, 64, 65, 402, 511, 512, 513, 1024, 1025, 32_768, 32_769, 200_000]
            // What repeats and what doesn't.
            let payloads = sizes.flatMap { size in
                [
                    (0..<size).map { UInt8(truncatingIfNeeded: $0 % 23) },
                    (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) },
                ]
            }
            _ = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
                let rows = payloads.map { bytes in
                    var row = Stage.row(facts.takePosition())
                    row.payload = Interaction.Payload(type: "application/octet-stream", bytes: bytes)
                    return row
                }
                return [IntakeDecision(interactions: rows)]
            }
            for (offset, bytes) in payloads.enumerated() {
                let row = try await stage.store.interaction(InteractionID(Int64(offset + 1)), payload: true)
                #expect(row?.payload?.bytes == bytes, "\(bytes.count) bytes")
            }
        },
        StoreCase("a receipt for an unknown id is parked and matched as soon as the id is known") { stage in
            let customer = try await stage.customer("mailto:ana@example.com")
            let id = try await stage.handedOff(customer, to: "mailto:ana@example.com")
            let reference = DispatchReference.provider(adapter: "mail", messageID: "m-1")
            let parked = try await stage.store.commit(
                [IntakeItem(key: nil, dispatch: reference)], query: stage.query()
            ) { _, facts in
                #expect(facts.dispatches.isEmpty)
                var row = Stage.row(facts.takePosition(), kind: .deliveryDelivered)
                row.attributes["outcome"] = "delivered"
                return [IntakeDecision(interactions: [row], parkedUnder: reference)]
            }[0].interaction
            #expect(try await stage.store.matchedReceipts(limit: 10).isEmpty)
            #expect(try await stage.store.status(at: stage.now).parkedReceipts == 1)
            try await stage.record(id, .sent(state: .accepted, providerMessageID: "m-1"))
            let matched = try await stage.store.matchedReceipts(limit: 10)
            #expect(matched.map(\.receipt.id) == [parked])
            #expect(matched.first?.receipt.attributes["outcome"] == "delivered")
            #expect(matched.first?.dispatch.id == id)
            _ = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
                [
                    IntakeDecision(
                        interactions: [
                            Stage.row(facts.takePosition(), effects: [.dispatchAdvanced(id, .delivered)])
                        ], unparks: parked)
                ]
            }
            #expect(try await stage.store.matchedReceipts(limit: 10).isEmpty)
            #expect(try await stage.state(of: id) == .delivered)
        },
    ]
}
