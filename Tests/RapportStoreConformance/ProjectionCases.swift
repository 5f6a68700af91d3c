import RapportCore
import RapportLog
import Testing

/// The log can rebuild every projection.
enum ProjectionCases {
    /// A history with every kind of effect in it.
    private static func live(_ stage: Stage) async throws -> [CustomerID] {
        let ana = try await stage.customer(
            "mailto:ana@example.com", profile: Customer.Profile(name: "Ana", tags: ["a"]))
        let bob = try await stage.customer("mailto:bob@example.com", "tel:+8613800138000")
        let eve = try await stage.customer("mailto:eve@example.com")
        let sent = try await stage.handedOff(ana, to: "mailto:ana@example.com")
        try await stage.record(sent, .sent(state: .accepted, providerMessageID: "m"))
        let lost = try await stage.handedOff(bob, to: "mailto:bob@example.com")
        try await stage.record(lost, .failed(rule: "rejected"))
        _ = try await stage.handedOff(bob, to: "mailto:bob@example.com")
        let opened = try await stage.append(ana) { position in
            [
                .followUpOpened(
                    FollowUp(
                        id: FollowUpID(position), customer: ana, kind: "message", summary: "s", openedAt: Stage.start)),
                .consentRecorded(
                    ConsentEntry(
                        id: EntryID(position: position), customer: ana, address: nil, topic: "news", channel: .sms,
                        state: .denied, at: Stage.start, method: "m")),
                .suppressed(
                    Suppression(
                        id: EntryID(position: position), address: Stage.address("tel:+8613800138000"), reason: .stop,
                        at: Stage.start)),
                .responded(ana, campaign: "spring"), .conversationNamed("t", keys: ["a", "b"]),
                .identityConflicted(ana, with: [bob]), .identityConflicted(ana, with: [eve]), .toldApart(eve, ana),
            ]
        }
        try await stage.append(bob) { _ in
            [
                .dispatchAdvanced(sent, .delivered), .followUpAssigned(FollowUpID(opened.number), owner: "li"),
                .followUpClosed(FollowUpID(opened.number), at: Stage.start, resolution: "r"),
                .suppressionLifted(Stage.address("tel:+8613800138000"), .stop),
                .addressDetached(bob, Stage.address("mailto:bob@example.com")), .merged(from: bob, into: ana),
            ]
        }
        return [ana, bob]
    }

    static let all: [StoreCase] = [
        StoreCase("after every kind of effect the projections are what the log says") { stage in
            _ = try await live(stage)
            let reached = Box<[Int64]>()
            #expect(try await stage.store.verifyProjections { reached.put([$0, $1]) } == [])
            let last = try await stage.store.lastPosition()
            #expect(reached.value == [last, last])
        },
        StoreCase("rebuilding changes nothing that can be seen, and the store goes on") { stage in
            let ids = try await live(stage)
            let view = {
                (
                    try await stage.store.customers(ids), try await stage.store.consents(of: ids[0]),
                    try await stage.store.followUps(FollowUpFilter(), limit: 9),
                    try await stage.store.suppressions(of: [Stage.address("tel:+8613800138000")]),
                    try await stage.store.dispatches(of: ids[0], limit: 9),
                    try await stage.store.status(at: stage.now).singles
                )
            }
            let before = try await view()
            try await stage.store.rebuildProjections { _, _ in }
            let after = try await view()
            #expect(before == after)
            #expect(try await stage.differences() == [])
            try await stage.append(ids[0])
        },
        StoreCase("an effect applied twice changes nothing") { stage in
            let ids = try await live(stage)
            let rows = try await stage.store.interactions(after: nil, limit: 99)
            let before = try await stage.store.customers(ids)
            let entries = try await stage.store.consents(of: ids[0])
            let last = try #require(rows.last)
            try await stage.append { _ in rows.flatMap(\.effects).filter { $0 == last.effects.last } }
            try await stage.append { _ in
                rows.flatMap(\.effects).filter { if case .consentRecorded = $0 { true } else { false } }
            }
            #expect(try await stage.store.customers(ids) == before)
            #expect(try await stage.store.consents(of: ids[0]) == entries)
            #expect(try await stage.differences() == [])
        },
    ]
}
