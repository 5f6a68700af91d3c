import RapportCore
import RapportLog
import Testing

/// Recording what came of dispatches, and receipts in any order.
enum ResultCases {
    private static let uri = "mailto:ana@example.com"
    private static let left: [DispatchState] = [.unknown, .accepted, .failed, .delivered, .bounced]

    static let all: [StoreCase] = [
        StoreCase("a result writes the state and appends its rows in one go") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            try await stage.record(id, .sent(state: .accepted, providerMessageID: nil))
            let row = try #require(try await stage.store.dispatch(id))
            #expect(row.state == .accepted && row.detail == "said so" && row.attempts == 1)
            #expect(try await stage.store.interactions(after: nil, limit: 9).last?.kind == .messageSent)
        },
        StoreCase("the rows of a result may say more than it: of the same message, and of another") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let first = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            let second = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            let third = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            let accepted = DispatchResult.Outcome.sent(state: .accepted, providerMessageID: nil)
            let results = [first, third].map { DispatchResult(id: $0, outcome: accepted) }
            try await stage.store.record(results, node: 1, at: stage.now) { position in
                [(first, DispatchState.delivered), (second, .delivered), (third, .accepted)].enumerated()
                    .map { offset, said in
                        Stage.row(
                            position + Int64(offset), kind: .messageSent,
                            effects: [.dispatchAdvanced(said.0, said.1)])
                    }
            }
            #expect(try await stage.state(of: first) == .delivered)
            #expect(try await stage.state(of: second) == .delivered)
            #expect(try await stage.state(of: third) == .accepted)
        },
        StoreCase("rows that break the contract undo the results as well") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            await #expect(throws: StoreError.self) {
                try await stage.store.record(
                    [DispatchResult(id: id, outcome: .sent(state: .accepted, providerMessageID: nil))], node: 1,
                    at: stage.now
                ) { [Stage.row($0 + 1)] }
            }
            #expect(try await stage.state(of: id) == .handedOff)
        },
        StoreCase("what was taken back after it was handed off is planned as if it had never been") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            try await stage.record(id, .released)
            let row = try #require(try await stage.store.dispatch(id))
            #expect(row.state == .planned && row.attempts == 0 && row.claimedAt == nil)
            #expect(try await stage.claimAll().map(\.id) == [id])
        },
        StoreCase("a retry waits until its time over the same route and counts as an attempt") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            let later = Stage.start.adding(seconds: 60)
            try await stage.record(id, .retry(at: later, rule: "greylisted"))
            let row = try #require(try await stage.store.dispatch(id))
            #expect(row.state == .deferred && row.rule == "greylisted" && row.dueAt == later && row.claimedAt == nil)
            #expect(try await stage.claimAll().isEmpty)
            let again = try #require(try await stage.claimAll(at: later).first)
            #expect(again.candidate.attempts == 1 && again.candidate.routeIndex == 0)
        },
        StoreCase("what a receipt said while a retry waited is not undone by the next result") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            let later = Stage.start.adding(seconds: 60)
            try await stage.record(id, .retry(at: later, rule: "greylisted"))
            // Only a delivery ends the wait: a bounce may be about an earlier route.
            try await stage.append { _ in [.dispatchAdvanced(id, .bounced)] }
            #expect(try await stage.state(of: id) == .deferred)
            try await stage.claimAll(at: later)
            #expect(try await stage.store.handOff([id], node: 1, at: later) == [id])
            try await stage.record(id, .sent(state: .accepted, providerMessageID: nil), at: later)
            #expect(try await stage.state(of: id) == .bounced)
            #expect(try await stage.differences() == [])
        },
        StoreCase("who has a row no more does not settle it for the node that has it now") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.plan(ana, to: uri)
            try await stage.claimAll(node: 1)
            // Somebody else's wish takes the claim back, and it is claimed anew.
            try await stage.append(ana) { _ in
                [.profileSet(ana, Customer.Profile(pausedUntil: Stage.start.adding(seconds: -1)))]
            }
            try await stage.claimAll(node: 2)
            try await stage.record(id, .released, node: 1)
            #expect(try await stage.store.handOff([id], node: 2, at: stage.now) == [id])
            try await stage.record(id, .released, node: 1)
            #expect(try await stage.state(of: id) == .handedOff)
            #expect(try await stage.claimAll(node: 1).isEmpty)
            try await stage.record(id, .sent(state: .accepted, providerMessageID: nil), node: 2)
            #expect(try await stage.state(of: id) == .accepted)
        },
        StoreCase("a fall-back is planned again over the next route, due now") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            try await stage.record(id, .fallBack(toRoute: 1))
            let row = try #require(try await stage.store.dispatch(id))
            #expect(row.state == .planned && row.channel == .sms && row.adapter == "texts" && row.dueAt == stage.now)
            #expect(try await stage.claimAll().first?.route.channel == .sms)
            await #expect(throws: StoreError.self) { try await stage.record(id, .fallBack(toRoute: 2)) }
        },
        StoreCase("failed, unknown and released end where they say") { stage in
            let ana = try await stage.customer(uri)
            let states: [(DispatchResult.Outcome, DispatchState, String?)] = [
                (.failed(rule: "rejected"), .failed, "rejected"), (.unknown, .unknown, nil), (.released, .planned, nil),
            ]
            for (outcome, state, rule) in states {
                let id = try await stage.handedOff(ana, to: uri)
                try await stage.record(id, outcome)
                let row = try #require(try await stage.store.dispatch(id))
                #expect(row.state == state && row.rule == rule)
            }
        },
        StoreCase("receipts end in the same state in every order and any number of times") { stage in
            let ana = try await stage.customer(uri)
            for first in left {
                for second in left {
                    for third in left {
                        let id = try await stage.handedOff(ana, to: uri)
                        for state in [first, second, third, first] {
                            try await stage.append { _ in [.dispatchAdvanced(id, state)] }
                        }
                        let expected = [first, second, third].reduce(DispatchState.handedOff) { $0.joined(with: $1) }
                        #expect(try await stage.state(of: id) == expected, "\(first) \(second) \(third)")
                    }
                }
            }
            #expect(try await stage.differences() == [])
        },
        StoreCase("a receipt does not move a row of which nothing has left") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.plan(ana, to: uri)
            try await stage.append { _ in [.dispatchAdvanced(id, .delivered)] }
            #expect(try await stage.state(of: id) == .planned)
            try await stage.claimAll()
            try await stage.append { _ in [.dispatchAdvanced(id, .bounced)] }
            #expect(try await stage.state(of: id) == .claimed)
        },
        StoreCase("a result that comes after the receipt only joins, and its provider's id is known from then on") {
            stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            try await stage.append { _ in [.dispatchAdvanced(id, .delivered)] }
            try await stage.record(id, .sent(state: .accepted, providerMessageID: "m-1"))
            #expect(try await stage.state(of: id) == .delivered)
            try await stage.record(id, .retry(at: stage.now, rule: "late"))
            try await stage.record(id, .released)
            #expect(try await stage.state(of: id) == .delivered)
            let reference = DispatchReference.provider(adapter: "mail", messageID: "m-1")
            let box = Box<DispatchID>()
            _ = try await stage.store.commit(
                [IntakeItem(key: nil, dispatch: reference)], query: stage.query()
            ) { _, facts in
                if let found = facts.dispatches[reference]?.id { box.put(found) }
                return [IntakeDecision(interactions: [Stage.row(facts.takePosition())])]
            }
            #expect(box.value == id)
            #expect(try await stage.differences() == [])
        },
        StoreCase("results of rows cancelled in the meantime change nothing") { stage in
            let ana = try await stage.customer(uri)
            let key = try await stage.campaign("spring")
            let id = try await stage.plan(ana, to: uri, campaign: key)
            try await stage.claimAll()
            _ = try await stage.store.move(key, from: [.sending], to: .cancelled, note: nil, at: stage.now)
            try await stage.record(id, .released)
            #expect(try await stage.state(of: id) == .cancelled)
        },
    ]
}
