import RapportCore
import RapportLog
import Testing

/// Consents and suppressions, and what they take back.
enum PreferenceCases {
    private static let uri = "mailto:ana@example.com"

    private static func denial(
        _ position: Int64, _ customer: CustomerID, _ address: Address? = nil
    ) -> Effect {
        .consentRecorded(
            ConsentEntry(
                id: EntryID(position: position), customer: customer, address: address, topic: "news", channel: .email,
                state: .denied, at: Stage.start, method: "keyword", proof: ["word": "STOP"]))
    }

    private static func suppression(
        _ position: Int64, _ ordinal: Int = 0, _ reason: Suppression.Reason = .stop
    ) -> Effect {
        .suppressed(
            Suppression(
                id: EntryID(position: position, ordinal: ordinal), address: Stage.address(uri), reason: reason,
                at: Stage.start))
    }

    static let all: [StoreCase] = [
        StoreCase("the ledger gives back every entry in order of time, with its proof") { stage in
            let ana = try await stage.customer(uri)
            let entries = (0..<3).map { number in
                ConsentEntry(
                    id: EntryID(position: 2, ordinal: number), customer: ana,
                    address: number == 0 ? nil : Stage.address(uri), topic: number == 1 ? nil : "news",
                    channel: number == 2 ? nil : .sms, state: ConsentEntry.State.allCases[number],
                    at: Stage.start.adding(seconds: Int64(-number)), confirmedAt: number == 0 ? Stage.start : nil,
                    method: "m\(number)", proof: number == 0 ? [:] : ["ip": "192.0.2.1"])
            }
            try await stage.append(ana) { _ in entries.map(Effect.consentRecorded) }
            #expect(try await stage.store.consents(of: ana) == entries.reversed())
        },
        StoreCase("lifting ends the suppressions of one reason; ended ones are still listed") { stage in
            let ana = try await stage.customer(uri)
            try await stage.append(ana) { [suppression($0), suppression($0, 1, .hardBounce)] }
            let later = Stage.start.adding(seconds: 60)
            try await stage.append(ana, at: later) { _ in [.suppressionLifted(Stage.address(uri), .stop)] }
            let found = try await stage.store.suppressions(of: [Stage.address(uri)])
            #expect(found.map(\.reason) == [.stop, .hardBounce])
            #expect(found.map(\.until) == [later, nil])
            #expect(found.map { $0.id.text("s") } == ["s2", "s2.1"])
            #expect(try await stage.store.status(at: later).suppressed == 1)
        },
        StoreCase("a suppression between claim and hand-off takes back what was claimed for the address") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com")
            let first = try await stage.plan(ana, to: uri)
            let other = try await stage.plan(bob, to: "mailto:bob@example.com")
            #expect(try await stage.claimAll().count == 2)
            try await stage.append { [suppression($0)] }
            #expect(try await stage.store.handOff([first, other], node: 1, at: stage.now) == [other])
            #expect(try await stage.state(of: first) == .planned)
        },
        StoreCase("a denial between claim and hand-off takes back what was claimed for the customer") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer("mailto:bob@example.com")
            try await stage.append(bob) { _ in [.merged(from: bob, into: ana)] }
            let id = try await stage.plan(bob, to: "mailto:bob@example.com")
            try await stage.claimAll()
            try await stage.append(ana) { [denial($0, ana)] }
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now).isEmpty)
        },
        StoreCase("a denial of an address takes back what others have claimed for it") { stage in
            let ana = try await stage.customer(uri)
            let bob = try await stage.customer(uri)
            let id = try await stage.plan(bob, to: uri)
            try await stage.claimAll()
            try await stage.append(ana) { [denial($0, ana, Stage.address(uri))] }
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now).isEmpty)
        },
        StoreCase("a grant takes nothing back") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.plan(ana, to: uri)
            try await stage.claimAll()
            try await stage.append(ana) { position in
                [
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position), customer: ana, address: nil, topic: nil, channel: nil,
                            state: .granted, at: Stage.start, method: "desk"))
                ]
            }
            #expect(try await stage.store.handOff([id], node: 1, at: stage.now) == [id])
        },
        StoreCase("what was handed off stays so, whatever comes") { stage in
            let ana = try await stage.customer(uri)
            let id = try await stage.handedOff(ana, to: uri)
            try await stage.append(ana) { [suppression($0)] }
            #expect(try await stage.state(of: id) == .handedOff)
        },
    ]
}
