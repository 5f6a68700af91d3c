import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import RapportTestServers

@testable import RapportHub

/// One round: campaigns for the same people, sent from two hubs at once, while people opt out in every way.
struct RaceRound {
    let hub: RaceHub
    let people: [Customer]
    private var chance: SharedChance { hub.chance }

    static let campaigns = 10
    private static let optOuts = 36

    init(_ generator: SeededGenerator, people count: Int) async throws {
        hub = try await RaceHub(generator)
        try await hub.people(count)
        people = try await hub.customers()
    }

    /// - Returns: what is wrong by the log and by what everybody saw; empty when all is well.
    func run() async throws -> RaceReplay {
        try await withThrowingTaskGroup { group in
            for side in hub.sides { group.addTask { try await side.dispatcher.run() } }
            try await withThrowingTaskGroup { work in
                for number in 0..<Self.campaigns { work.addTask { try await self.send(number) } }
                for _ in 0..<3 {
                    work.addTask { for _ in 0..<(Self.optOuts / 3) { try await self.optOut() } }
                }
                work.addTask { try await self.letTimePass() }
                try await work.waitForAll()
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        return RaceReplay(events: hub.recorder.events, log: try await log())
    }

    private func send(_ number: Int) async throws {
        await chance.pause(below: 50)
        _ = try await hub.sides[number % 2].campaigns.send(definition(number), folder: nil) { _ in }
        for side in hub.sides { side.dispatcher.wake() }
    }

    /// The last two are two runs of one campaign; some say the same as others, some make the same offer.
    private func definition(_ number: Int) -> CampaignDefinition {
        let isRepeated = number >= Self.campaigns - 2
        let channels: [[Channel]] = [[.email], [.sms], [.email, .sms], [.sms, .email]]
        return CampaignDefinition(
            name: isRepeated ? "weekly" : "c\(number)", title: "C\(number)", messageClass: .marketing,
            topic: number.isMultiple(of: 2) ? "offers" : "news", channels: channels[number % channels.count],
            adapters: [:], audience: .everyone, offer: number.isMultiple(of: 3) ? "offer-\(number % 2)" : nil,
            occurrence: isRepeated ? "w\(number)" : nil, startAt: nil, expiry: nil, language: "en",
            throttle: ThrottleSettings(), repeats: false, variables: [:],
            templates: [
                .init(channel: .email, language: nil, part: .text, text: "Subject: Hi {{name}}\n\nDear {{name}}\n"),
                .init(channel: .sms, language: nil, part: .text, text: "Hi {{name}}"),
            ], attachments: [], content: number < 4 ? "same-\(number % 2)" : "x\(number)")
    }

    /// Somebody has had enough, and says so over one of the ways there are.
    private func optOut() async throws {
        await chance.pause(below: 60)
        let side = hub.sides[chance.number(below: 2)]
        let person = somebody()
        let page = ["ip": "192.0.2.1"]
        switch chance.number(below: 6) {
        case 0:
            let number = person.addresses.first { $0.scheme == .tel }
            _ = try await side.sink.submit(
                [event(.messageReceived, .sms, from: number, [.stop(keyword: "STOP")])], adapter: "sms", region: nil)
        case 1:
            try await side.preferences.apply(
                [.forbid(topic: nil, channel: nil)], of: person.id, method: "preference-page", proof: page)
        case 2:
            try await side.preferences.apply(
                [.forbid(topic: "offers", channel: .email), .forbid(topic: "news", channel: .sms)], of: person.id,
                method: "list-unsubscribe", proof: page)
        case 3:
            try await side.preferences.apply(
                [.pause(until: hub.clock.now.adding(seconds: 6 * 3600))], of: person.id, method: "preference-page",
                proof: page)
        default:
            try await answer(over: side)
        }
    }

    /// Every other time somebody for whom a message has just been claimed: the moment that matters is short.
    private func somebody() -> Customer {
        let claimed = hub.recorder.events.suffix(20).compactMap { event -> CustomerID? in
            if case .claimed(_, let claim) = event { claim.customer } else { nil }
        }
        if !claimed.isEmpty, chance.number(below: 2) == 0 {
            let id = claimed[chance.number(below: claimed.count)]
            if let person = people.first(where: { $0.id == id }) { return person }
        }
        return people[chance.number(below: people.count)]
    }

    /// A bounce of, or an unsubscribing answer to, a message that an adapter was given before.
    private func answer(over side: RaceHub.Side) async throws {
        let sent = hub.recorder.events.compactMap { event -> (DispatchID, Address)? in
            if case .sending(let hold, let address) = event { (hold.dispatch, address) } else { nil }
        }
        guard !sent.isEmpty else { return }
        let (dispatch, address) = sent[chance.number(below: sent.count)]
        let channel: Channel = address.scheme == .tel ? .sms : .email
        var event: InboundEvent
        if chance.number(below: 2) == 0 {
            event = self.event(.deliveryBounced, channel, from: nil, [])
            event.delivery = DeliveryReport(outcome: .bounced, addressIsBad: true, code: "5.1.1")
        } else {
            event = self.event(
                .messageReceived, channel, from: address, [.optOut(topic: nil, channel: channel, method: "mail")])
        }
        event.dispatch = .dispatch(dispatch)
        _ = try await side.sink.submit([event], adapter: channel == .sms ? "sms" : "mail", region: nil)
    }

    private func event(
        _ kind: InteractionKind, _ channel: Channel, from address: Address?, _ requests: [CustomerRequest]
    ) -> InboundEvent {
        InboundEvent(
            kind: kind, channel: channel, sourceID: "e-\(chance.number(below: .max))",
            customerAddresses: address.map { [RawAddress(guessing: $0.deliverable)] } ?? [], text: "",
            requests: requests)
    }

    /// Quarters of an hour go by until every campaign has come to its end.
    private func letTimePass() async throws {
        while true {
            try Task.checkCancellation()
            await chance.pause(below: 40)
            hub.clock.move(seconds: 900)
            for side in hub.sides { side.dispatcher.wake() }
            let campaigns = try await hub.sides[0].store.campaigns()
            if campaigns.count == Self.campaigns, campaigns.allSatisfy({ $0.state == .completed }) { return }
        }
    }

    private func log() async throws -> [Interaction] {
        var rows: [Interaction] = []
        while true {
            let page = try await hub.sides[0].store.interactions(after: rows.last?.id, limit: 500)
            rows += page
            if page.isEmpty { return rows }
        }
    }
}
