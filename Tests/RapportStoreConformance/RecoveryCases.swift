import RapportCore
import RapportLog
import Testing

/// Nodes, and what becomes of what they had in hand.
enum RecoveryCases {
    private static let uri = "mailto:ana@example.com"

    static let all: [StoreCase] = [
        StoreCase("a node's number is never used again") { stage in
            let first = try await stage.store.register(host: "a", process: 1, at: stage.now)
            try await stage.store.unregister(node: first)
            let second = try await stage.store.register(host: "a", process: 1, at: stage.now)
            #expect(second > first)
            #expect(try await stage.store.status(at: stage.now).nodes.map(\.number) == [second])
        },
        StoreCase("releasing gives back what was claimed and not handed off") { stage in
            let ana = try await stage.customer(uri)
            let sent = try await stage.handedOff(ana, to: uri)
            let kept = try await stage.plan(ana, to: uri)
            try await stage.claimAll(node: 1)
            #expect(try await stage.store.release(node: 2, at: stage.now) == 0)
            #expect(try await stage.store.release(node: 1, at: stage.now) == 1)
            #expect(try await stage.state(of: kept) == .planned)
            #expect(try await stage.state(of: sent) == .handedOff)
        },
        StoreCase("a dead node's claimed rows are planned again and its handed-off ones unknown, told in the log") {
            stage in
            let ana = try await stage.customer(uri)
            let dead = try await stage.store.register(host: "a", process: 1, at: stage.now)
            var ids: [DispatchID] = []
            for number in 0..<3 { ids.append(try await stage.plan(ana, to: uri, repeats: number == 2)) }
            try await stage.claimAll(node: dead)
            _ = try await stage.store.handOff(Array(ids[1...]), node: dead, at: stage.now)
            let later = Stage.start.adding(seconds: 30)
            let mine = try await stage.store.register(host: "b", process: 1, at: later)
            let before = later.adding(milliseconds: -1)
            #expect(try await stage.store.recover(node: mine, at: before) == Recovery())
            let position = try await stage.store.lastPosition()
            #expect(
                try await stage.store.recover(node: mine, at: later)
                    == Recovery(released: 1, unknown: 2, repeated: 1))
            var states: [DispatchState?] = []
            for id in ids { states.append(try await stage.state(of: id)) }
            #expect(states == [.planned, .unknown, .planned])
            let rows = try await stage.store.interactions(after: InteractionID(position), limit: 9)
            #expect(rows.map(\.kind) == [.deliveryUnknown, .deliveryUnknown])
            #expect(rows.map(\.references.dispatch) == [ids[1], ids[2]])
            #expect(rows.map(\.customer) == [ana, ana])
            #expect(try await stage.store.recover(node: mine, at: later) == Recovery())
            #expect(try await stage.differences() == [])
        },
        StoreCase("what was delivered and bounced, by one row, does not wait to be repeated") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            try await stage.record(id, .repeat(at: stage.now, rule: "uncertain"))
            try await stage.append(ana) { _ in
                [.dispatchAdvanced(id, .delivered), .dispatchAdvanced(id, .bounced)]
            }
            #expect(try await stage.state(of: id) == .bounced)
            #expect(try await stage.claimAll().isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what was claimed to be repeated does not leave once a receipt says that it was delivered") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri, repeats: true)
            try await stage.record(id, .repeat(at: stage.now, rule: "uncertain"))
            #expect(try await stage.claimAll().map(\.id) == [id])
            try await stage.append { _ in [.dispatchAdvanced(id, .delivered)] }
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now).isEmpty)
            #expect(try await stage.state(of: id) == .delivered)
            try await stage.record(id, .released)
            #expect(try await stage.state(of: id) == .delivered)
            #expect(try await stage.claimAll().isEmpty)
            #expect(try await stage.differences() == [])
        },
        StoreCase("a rebuild leaves what is in the air to who has it, also when an earlier try may have arrived") {
            stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri, repeats: true)
            try await stage.record(id, .repeat(at: stage.now, rule: "uncertain"))
            #expect(try await stage.claimAll().map(\.id) == [id])
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now) == [id])
            try await stage.store.rebuildProjections { _, _ in }
            #expect(try await stage.state(of: id) == .handedOff)
            try await stage.record(id, .retry(at: stage.now, rule: "greylisted"))
            #expect(try await stage.state(of: id) == .deferred)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what waits to be repeated is settled by a receipt that it was delivered, and by no other") { stage in
            let ana = try await stage.customer(uri)
            let retry = DispatchResult.Outcome.repeat(at: stage.now.adding(seconds: 60), rule: "uncertain")
            var ids: [DispatchID] = []
            for state in [DispatchState.accepted, .bounced, .delivered] {
                let id = try await stage.handedOff(ana, to: uri, repeats: true)
                try await stage.record(id, retry)
                try await stage.append { _ in [.dispatchAdvanced(id, state)] }
                ids.append(id)
            }
            let unsent = try await stage.plan(ana, to: uri)
            try await stage.append { _ in [.dispatchAdvanced(unsent, .delivered)] }
            var states: [DispatchState?] = []
            for id in ids + [unsent] { states.append(try await stage.state(of: id)) }
            #expect(states == [.deferred, .deferred, .delivered, .planned])
            let claimed = try await stage.claimAll(at: stage.now.adding(seconds: 120))
            #expect(Set(claimed.map(\.id)) == [ids[0], ids[1], unsent])
            #expect(try await stage.differences() == [])
        },
        StoreCase(
            "what waits to be repeated after it may have left counts for the policy, and as what a receipt says of it"
        ) {
            stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri, repeats: true)
            let retry = DispatchResult.Outcome.retry(at: stage.now.adding(seconds: 60), rule: "greylisted")
            try await stage.record(id, retry)
            #expect(try await stage.counted(ana, uri) == [])
            let states: [(DispatchState, [DispatchState])] = [
                (.unknown, [.unknown]), (.accepted, [.accepted]), (.failed, []), (.delivered, [.delivered]),
            ]
            for (state, expected) in states {
                try await stage.append { _ in [.dispatchAdvanced(id, state)] }
                #expect(try await stage.counted(ana, uri) == expected)
            }
            #expect(try await stage.state(of: id) == .delivered)
            #expect(try await stage.differences() == [])
        },
        StoreCase("what may have left and is not repeated after all is what is known of it, whatever ended it") {
            stage in
            let ana = try await stage.customer(uri)
            let later = stage.now.adding(seconds: 60)
            let cancelled = try await stage.campaign("spring")
            let again = DispatchResult.Outcome.repeat(at: later, rule: "uncertain")
            let waiting = try await stage.handedOff(ana, to: uri, campaign: cancelled, repeats: true)
            try await stage.record(waiting, again)
            _ = try await stage.store.move(cancelled, from: [.sending], to: .cancelled, note: nil, at: later)
            let beside = try await stage.campaign("summer")
            let late = try await stage.handedOff(ana, to: uri, campaign: beside, repeats: true)
            _ = try await stage.store.move(beside, from: [.sending], to: .cancelled, note: nil, at: later)
            try await stage.record(late, again)
            let skipped = try await stage.handedOff(ana, to: uri, repeats: true)
            try await stage.record(skipped, again)
            let refused = try await stage.handedOff(ana, to: uri)
            try await stage.record(refused, .retry(at: later, rule: "greylisted"))
            let box = Box<[Bool]>()
            _ = try await stage.store.claim(ClaimQuery(now: later, limit: 9, node: 1)) { candidates in
                box.put(candidates.map(\.mayHaveArrived))
                return candidates.map { _ in .skip(rule: "expired", evidence: [], policyVersion: "p1") }
            }
            #expect(box.value == [true, false])
            var states: [DispatchState?] = []
            for id in [waiting, late, skipped, refused] { states.append(try await stage.state(of: id)) }
            #expect(states == [.unknown, .unknown, .unknown, .skipped])
            #expect(try await stage.differences() == [])
        },
        StoreCase("a node that says that it lives keeps what it has") { stage in
            let ana = try await stage.customer(uri)
            let alive = try await stage.store.register(host: "a", process: 1, at: stage.now)
            _ = try await stage.plan(ana, to: uri)
            try await stage.claimAll(node: alive)
            let later = Stage.start.adding(seconds: 60)
            try await stage.store.heartbeat(node: alive, at: later)
            let mine = try await stage.store.register(host: "b", process: 1, at: later)
            #expect(try await stage.store.recover(node: mine, at: later) == Recovery())
        },
        StoreCase("rows of a node that has unregistered, or was never there, are settled at once") { stage in
            let ana = try await stage.customer(uri)
            _ = try await stage.plan(ana, to: uri)
            try await stage.claimAll(node: 77)
            let mine = try await stage.store.register(host: "b", process: 1, at: stage.now)
            #expect(try await stage.store.recover(node: mine, at: stage.now) == Recovery(released: 1))
        },
        StoreCase("the asking node keeps what it claimed since it started") { stage in
            let ana = try await stage.customer(uri)
            let mine = try await stage.store.register(host: "b", process: 1, at: stage.now)
            _ = try await stage.plan(ana, to: uri)
            try await stage.claimAll(node: mine)
            let later = Stage.start.adding(seconds: 600)
            #expect(try await stage.store.recover(node: mine, at: later) == Recovery())
        },
    ]
}
