import RapportChannels
import RapportCore
import RapportLog
import Testing

@testable import RapportHub

@Suite("The link to the customer's page")
struct LinkedMessageTests {
    private static let mail = Address(normalized: "mailto:ana@example.com")!
    private static let number = Address(normalized: "tel:+8613800138000")!
    private static let tokens = DispatchTokens(secret: Secret("test"))

    /// As it leaves over each of two routes.
    private func rendered(
        _ message: SingleMessage, _ messageClass: MessageClass = .transactional
    ) throws -> [OutboundMessage] {
        let routes = [
            Route(channel: .email, adapter: "mail", address: Self.mail),
            Route(channel: .sms, adapter: "sms", address: Self.number),
        ]
        let customer = Customer(id: CustomerID(1))
        let plan = DispatchPlan(
            customer: customer.id, campaign: nil, messageClass: messageClass, topic: "care", routes: routes,
            inlineContent: try message.encoded(), dueAt: HubFixture.start)
        let candidate = ClaimCandidate(
            id: DispatchID(7), customer: customer, plan: plan, routeIndex: 0,
            facts: ContactFacts(customer: .init(id: "c1")))
        let renderer = MessageRenderer(publicURL: "https://hub.example", tokens: Self.tokens) { HubFixture.start }
        return try routes.indices.map { index in
            try renderer.render(ClaimedDispatch(candidate: candidate, routeIndex: index), templates: nil)
        }
    }

    @Test("a webhook gets the words of a single message as JSON")
    func webhook() throws {
        let message = SingleMessage(subject: "Your \"repair\"", text: "It is\nready.")
        let address = try #require(Address(normalized: "https://shop.example/hook"))
        let plan = DispatchPlan(
            customer: CustomerID(1), campaign: nil, messageClass: .service, topic: "care",
            routes: [Route(channel: .webhook, adapter: "hooks", address: address)],
            inlineContent: try message.encoded(), dueAt: HubFixture.start)
        let candidate = ClaimCandidate(
            id: DispatchID(7), customer: Customer(id: CustomerID(1)), plan: plan, routeIndex: 0,
            facts: ContactFacts(customer: .init(id: "c1")))
        let renderer = MessageRenderer(publicURL: "https://hub.example", tokens: Self.tokens) { HubFixture.start }
        let rendered = try renderer.render(ClaimedDispatch(candidate: candidate, routeIndex: 0), templates: nil)
        #expect(
            rendered.content
                == .event(type: "message", json: #"{"subject":"Your \"repair\"","text":"It is\nready."}"#))
    }

    @Test("one of many addresses can be named for a message, also one that would not be tried by itself")
    func manyAddresses() throws {
        let numbers = (0..<5).compactMap { Address(normalized: "tel:+4930123456\($0)") }
        let customer = Customer(id: CustomerID(1), addresses: numbers)
        let table = RouteTable(adapters: [.sms: ["sms"]])
        #expect(table.routes(to: customer, channels: [.sms]).map(\.address) == Array(numbers.prefix(3)))
        #expect(table.routes(to: customer, channels: [.sms], address: numbers[4]).map(\.address) == [numbers[4]])
    }

    @Test("a webhook that calls each customer's own address goes to no other one, and who has none is not planned for")
    func reachableAddresses() throws {
        let name = try #require(Address(normalized: "id:crm/1"))
        let own = try #require(Address(normalized: "https://shop.test/hook"))
        let table = RouteTable(adapters: [.webhook: ["bus", "own"]], schemes: ["own": [.https]])
        func addresses(of known: [Address], over adapter: String) -> [Address] {
            let customer = Customer(id: CustomerID(1), addresses: known)
            return table.routes(to: customer, channels: [.webhook], named: ["webhook": adapter]).map(\.address)
        }
        #expect(addresses(of: [name, own], over: "bus") == [name, own])
        #expect(addresses(of: [name, own], over: "own") == [own])
        #expect(addresses(of: [name], over: "own").isEmpty)
    }

    @Test("stands in a single message where it is named, another one over each route, and everything else stays")
    func named() throws {
        let messages = try rendered(
            SingleMessage(
                subject: "Please confirm", text: "Confirm: {{preferencesURL}} ({{name}})",
                html: "<a href=\"{{preferencesURL}}\">confirm</a> <a href=\"{{unsubscribeURL}}\">leave</a>"))
        let mailed = "https://hub.example/u/" + Self.tokens.linkToken(for: DispatchID(7), at: Self.mail)
        let texted = "https://hub.example/u/" + Self.tokens.linkToken(for: DispatchID(7), at: Self.number)
        #expect(mailed != texted)
        guard case .email(let mail) = messages[0].content, case .text(let text) = messages[1].content else {
            Issue.record("a mail and a text")
            return
        }
        #expect(mail.text == "Confirm: \(mailed) ({{name}})")
        #expect(mail.html == "<a href=\"\(mailed)\">confirm</a> <a href=\"\(mailed)\">leave</a>")
        #expect(text == "Confirm: \(texted) ({{name}})")
        // The header of a mail that can be unsubscribed from is for mails that can.
        #expect(messages[0].unsubscribeURL == nil)
    }

    @Test("unsubscribes from everything but transactional messages, by the link of the message itself")
    func unsubscribe() throws {
        let message = try #require(try rendered(SingleMessage(text: "hello"), .service).first)
        #expect(
            message.unsubscribeURL == "https://hub.example/u/"
                + Self.tokens.linkToken(for: DispatchID(7), at: Self.mail))
    }
}
