import RapportCore
import RapportLog
import Testing

/// Timelines, follow-ups and the status.
enum ReadingCases {
    static let all: [StoreCase] = [
        StoreCase("a timeline is the customer's rows alone, the latest first, in pages") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("mailto:bob@example.com")
            for number in 0..<10 { try await stage.append(number % 2 == 0 ? ana : bob, text: "\(number)") }
            try await stage.append(nil, text: "nobody's")
            let page = { (before: InteractionID?, limit: Int) in
                try await stage.store.timeline(of: ana, before: before, limit: limit, including: [])
            }
            let first = try await page(nil, 3)
            #expect(first.map(\.text) == ["8", "6", "4"])
            let second = try await page(first.last?.id, 3)
            #expect(second.map(\.text) == ["2", "0", nil])
            #expect(second.map(\.effects) == [[], [], []])
            let whole = try await stage.store.timeline(of: ana, before: nil, limit: 9, including: .effects)
            #expect(whole.map(\.effects.isEmpty) == [true, true, true, true, true, false])
            #expect(try await page(second.last?.id, 3).isEmpty)
            #expect(try await page(nil, 0).isEmpty)
            #expect(try await stage.store.timeline(of: CustomerID(99), before: nil, limit: 9, including: []).isEmpty)
        },
        StoreCase("all that is shown of a customer is there at once, of whoever stands for the id or has the address") {
            stage in
            let (mine, ours) = ("mailto:ana@example.com", "mailto:home@example.com")
            let ana = try await stage.customer(mine, ours)
            let alias = try await stage.customer("mailto:old@example.com")
            let bob = try await stage.customer(ours)
            try await stage.append(alias, text: "of the alias")
            try await stage.append(ana) { position in
                [
                    .merged(from: alias, into: ana),
                    .suppressed(
                        Suppression(
                            id: EntryID(position: position), address: Stage.address(mine), reason: .complaint,
                            at: stage.now)),
                    .followUpOpened(
                        FollowUp(
                            id: FollowUpID(position), customer: alias, kind: "message", summary: "?",
                            openedAt: stage.now)),
                ]
            }
            try await stage.append(bob, from: "home@example.com", text: "of Bob")
            let limits = CustomerOverview.Limits(followUps: 9, timeline: 2)
            let read = { (subject: CustomerOverview.Subject) in
                try await stage.store.overviews(of: subject, limits: limits)
            }
            let overview = try #require(try await read(.customer(alias)).first)
            #expect(overview.customer == (try await stage.store.customers([ana])[ana]))
            #expect(overview.facts.suppressions.map(\.reason) == [.complaint])
            #expect(overview.followUps.map(\.kind) == ["message"])
            #expect(overview.timeline.map(\.text) == [nil, "of the alias"])
            let home = Stage.address(ours)
            #expect(try await read(.holders(of: home, limit: 9)).map(\.customer.id) == [bob, ana])
            #expect(try await read(.holders(of: home, limit: 1)).map(\.timeline.first?.text) == ["of Bob"])
            #expect(try await read(.customer(CustomerID(99))).isEmpty)
            #expect(try await read(.holders(of: Stage.address("mailto:x@example.com"), limit: 9)).isEmpty)
        },
        StoreCase("payloads come with a timeline when they are asked for, until they are forgotten") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            for number in 0..<3 {
                _ = try await stage.store.commit([IntakeItem(key: nil)], query: stage.query()) { _, facts in
                    var row = Stage.row(
                        facts.takePosition(), customer: ana, at: Stage.start.adding(seconds: Int64(number)))
                    row.payload = Interaction.Payload(type: "text/plain", bytes: [UInt8(number)])
                    return [IntakeDecision(interactions: [row])]
                }
            }
            let payloads = {
                try await stage.store.timeline(of: ana, before: nil, limit: 3, including: .payloads)
                    .map(\.payload?.bytes)
            }
            #expect(try await payloads() == [[2], [1], [0]])
            let limit = Stage.start.adding(seconds: 2)
            #expect(try await stage.store.forgetPayloads(before: limit, limit: 1) == 1)
            #expect(try await payloads() == [[2], [1], nil])
            #expect(try await stage.store.forgetPayloads(before: limit, limit: 9) == 1)
            #expect(try await stage.store.forgetPayloads(before: limit, limit: 9) == 0)
            #expect(try await payloads() == [[2], nil, nil])
        },
        StoreCase("follow-ups are opened, assigned and closed, and listed by due time") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("mailto:bob@example.com")
            var ids: [FollowUpID] = []
            for (index, due) in ([nil, 60, 30] as [Int64?]).enumerated() {
                let id = try await stage.append(index == 2 ? bob : ana) { position in
                    [
                        .followUpOpened(
                            FollowUp(
                                id: FollowUpID(position), customer: index == 2 ? bob : ana, kind: "message",
                                summary: "\(index)", owner: "li", openedAt: Stage.start,
                                dueAt: due.map { Stage.start.adding(seconds: $0) }, conversation: "t"))
                    ]
                }
                ids.append(FollowUpID(id.number))
            }
            let list = { (filter: FollowUpFilter) in try await stage.store.followUps(filter, limit: 9).map(\.id) }
            #expect(try await list(FollowUpFilter()) == [ids[2], ids[1], ids[0]])
            #expect(try await list(FollowUpFilter(customer: ana)) == [ids[1], ids[0]])
            #expect(try await list(FollowUpFilter(dueBefore: Stage.start.adding(seconds: 60))) == [ids[2]])
            let closed = [ids[0]]
            try await stage.append { _ in
                [
                    .followUpAssigned(closed[0], owner: "wu"),
                    .followUpClosed(closed[0], at: Stage.start, resolution: "answered"),
                    .followUpClosed(closed[0], at: Stage.start.adding(seconds: 9), resolution: "again"),
                ]
            }
            #expect(try await list(FollowUpFilter(state: .closed)) == closed)
            #expect(try await list(FollowUpFilter(state: .open, owner: "li")) == [ids[2], ids[1]])
            let one = try #require(try await stage.store.followUp(ids[0]))
            #expect(one.owner == "wu" && one.resolution == "answered" && one.closedAt == Stage.start)
            let status = try await stage.store.status(at: Stage.start.adding(seconds: 30))
            #expect(status.followUpsOpen == 2 && status.followUpsOverdue == 1)
            #expect(status.overdue.map(\.id) == [ids[2]])
        },
        StoreCase("the status counts traffic of the last hour by adapter, queues and singles") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let hour = Stage.start.adding(seconds: 3_600)
            try await stage.append(ana, at: hour)
            try await stage.append(ana, at: hour, kind: .deliveryBounced)
            for kind in [InteractionKind.messageSent, .deliveryDeferred, .deliveryFailed] {
                try await stage.append(ana, at: hour, kind: kind, direction: .outbound)
            }
            let id = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            try await stage.record(id, .sent(state: .accepted, providerMessageID: nil))
            _ = try await stage.plan(ana, to: "mailto:ana@example.com")
            let status = try await stage.store.status(at: hour)
            let mail = try #require(status.traffic.first { $0.adapter == "mail" })
            #expect(mail.inbound == 2 && mail.failed == 3 && mail.outbound == 1 && mail.lastSeen == hour)
            #expect(status.queued == ["mail": 1])
            #expect(status.singles == [.accepted: 1, .planned: 1])
            #expect(status.recentSingles.isEmpty)
            #expect(status.customers == 1)
            #expect(try await stage.store.lastPosition() == status.lastPosition)
        },
        StoreCase("single messages that failed count for a day, and those of campaigns not among them") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let id = try await stage.handedOff(ana, to: "mailto:ana@example.com")
            try await stage.record(id, .failed(rule: "refused"))
            let recent = { (hours: Int64) in
                try await stage.store.status(at: Stage.start.adding(seconds: hours * 3_600)).recentSingles
            }
            #expect(try await recent(23) == [.failed: 1])
            #expect(try await recent(25) == [:])
        },
        StoreCase("the status tells how far each reader of the log is behind, and since when") { stage in
            try await stage.store.advance("crm", to: 0, at: Stage.start)
            let cursor = { try await stage.store.status(at: stage.now).cursors }
            let empty = try await stage.store.lastPosition()
            #expect(try await cursor().map(\.behind) == [empty])
            let first = try await stage.append(at: Stage.start.adding(seconds: 5))
            try await stage.append(at: Stage.start.adding(seconds: 9))
            try await stage.store.advance("crm", to: first.number - 1, at: Stage.start)
            let since = Stage.start.adding(seconds: 5)
            #expect(try await cursor() == [StoreStatus.Cursor(reader: "crm", behind: 2, waitingSince: since)])
            try await stage.store.advance("crm", to: first.number + 1, at: Stage.start)
            #expect(try await cursor() == [StoreStatus.Cursor(reader: "crm", behind: 0, waitingSince: nil)])
        },
        StoreCase("the status tells why a reader of the log got no further, until it does") { stage in
            let last = try await stage.append().number
            let failure = { try await stage.store.status(at: stage.now).cursors.map(\.failure) }
            try await stage.store.fail("crm", because: "the receiver did not answer in time", at: Stage.start)
            #expect(try await stage.store.cursor(of: "crm") == 0)
            let reason = "x" + String(repeating: "é", count: 400)
            try await stage.store.fail("crm", because: reason, at: Stage.start.adding(seconds: 9))
            let kept = StoreStatus.Failure(reason: String(reason.prefix(300)), at: Stage.start.adding(seconds: 9))
            #expect(try await failure() == [kept])
            // What does not move it says nothing of the failure.
            try await stage.store.advance("crm", to: 0, at: Stage.start.adding(seconds: 10))
            #expect(try await failure() == [kept])
            try await stage.store.advance("crm", to: last, at: Stage.start.adding(seconds: 11))
            #expect(try await failure() == [nil])
        },
        StoreCase("the status names customers who may be one until they are, or are told apart, or are erased") {
            stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let bob = try await stage.customer("mailto:bob@example.com")
            let eve = try await stage.customer("mailto:eve@example.com")
            let conflict = { (customer: CustomerID, other: CustomerID, note: InteractionID) in
                StoreStatus.IdentityConflict(customer: customer, other: other, interaction: note)
            }
            func open(_ expected: StoreStatus.IdentityConflict..., at place: SourceLocation = #_sourceLocation)
                async throws
            {
                let status = try await stage.store.status(at: stage.now)
                #expect(status.conflicts == expected, sourceLocation: place)
                #expect(status.conflictsOpen == expected.count, sourceLocation: place)
                #expect(try await stage.differences() == [], sourceLocation: place)
            }
            try await open()
            let first = try await stage.append(eve) { _ in [.identityConflicted(eve, with: [bob, ana, eve])] }
            try await open(conflict(ana, eve, first), conflict(bob, eve, first))
            let second = try await stage.append(ana) { _ in [.identityConflicted(ana, with: [eve])] }
            try await open(conflict(ana, eve, second), conflict(bob, eve, first))
            // Both notes are of one pair as soon as two of the three are one.
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            try await open(conflict(ana, eve, second))
            try await stage.append(bob) { _ in [.unmerged(from: bob, into: ana)] }
            try await open(conflict(ana, eve, second), conflict(bob, eve, first))
            try await stage.append(eve) { _ in [.merged(from: eve, into: bob)] }
            try await open(conflict(ana, bob, second))
            try await stage.append(ana) { _ in [.toldApart(bob, ana)] }
            try await open()
            let again = try await stage.append(bob) { _ in [.identityConflicted(bob, with: [ana])] }
            try await open()
            try await stage.append(eve) { _ in [.unmerged(from: eve, into: bob), .identityConflicted(ana, with: [eve])]
            }
            try await open(conflict(bob, eve, first))
            #expect(try await stage.store.interaction(again, payload: false) != nil)
            _ = try await stage.store.erase(bob, at: stage.now, by: "li")
            try await open()
            try await stage.append(ana) { _ in [.identityConflicted(ana, with: [bob])] }
            try await open()
        },
        StoreCase("the status counts all conflicts and names the latest ten") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            var others: [CustomerID] = []
            for number in 0..<12 { others.append(try await stage.customer("mailto:\(number)@example.com")) }
            for other in others { try await stage.append(ana) { _ in [.identityConflicted(ana, with: [other])] } }
            let status = try await stage.store.status(at: stage.now)
            #expect(status.conflictsOpen == 12)
            #expect(status.conflicts.map(\.other) == others.reversed().prefix(10).map { $0 })
        },
        StoreCase("the status counts what a living node has had in hand for more than an hour") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let node = try await stage.store.register(host: "a", process: 1, at: Stage.start)
            let ids = [
                try await stage.plan(ana, to: "mailto:ana@example.com"),
                try await stage.plan(ana, to: "mailto:ana@example.com"),
            ]
            try await stage.claimAll(node: node)
            _ = try await stage.store.handOff(ids, node: node, at: Stage.start)
            let hour = Stage.start.adding(seconds: 3_600)
            let stuck = { (at: Timestamp) in try await stage.store.status(at: at).stuck }
            try await stage.store.heartbeat(node: node, at: hour)
            #expect(try await stuck(hour.adding(milliseconds: -1)) == 0)
            #expect(try await stuck(hour) == 2)
            try await stage.record(ids[0], .unknown, at: hour)
            #expect(try await stuck(hour) == 1)
            // What a node that is gone had is settled by the next.
            #expect(try await stuck(hour.adding(seconds: 30)) == 0)
        },
    ]
}
