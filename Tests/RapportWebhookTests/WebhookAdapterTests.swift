import RapportChannels
import RapportCore
import RapportTestSupport
import RapportWebhook
import Testing

@Suite("The webhook adapter") struct WebhookAdapterTests {
    private func pointer(_ text: String) throws -> JSONPointer { try #require(JSONPointer(text)) }

    private func shop(
        events: JSONPointer? = nil, timeFormat: WebhookMapping.TimeFormat = .rfc3339
    ) throws -> WebhookMapping {
        WebhookMapping(
            events: events, id: try pointer("/id"), time: try pointer("/at"), timeFormat: timeFormat,
            kind: try pointer("/type"), kinds: ["message": .messageReceived],
            addresses: [
                .init(try pointer("/customer/email"), scheme: .mailto),
                .init(try pointer("/customer/phones"), scheme: .tel),
                .init(try pointer("/customer/number"), scheme: .id, system: "crm"),
                .init(try pointer("/customer/any")),
            ],
            subject: try pointer("/subject"), text: try pointer("/text"), language: try pointer("/customer/lang"),
            attributes: ["total": try pointer("/order/total"), "paid": try pointer("/order/paid")],
            readsKeywords: true)
    }

    private func events(
        _ body: String, _ mapping: WebhookMapping, scheme: SignatureScheme = .unsigned
    ) throws -> [InboundEvent] {
        try WebhookAdapter(name: "shop", scheme: scheme, mapping: mapping).receive(Requests.post(body)).events
    }

    @Test("maps a shop's order")
    func order() throws {
        let body = """
            {"id": 12345678901234567890123, "type": "Order Paid", "at": "2026-03-28T22:30:00+01:00", "subject": "Order 9",
             "customer": {"email": "Ana@Example.COM", "phones": ["0138 0013 8000", 555], "number": 77,
                          "any": "tel:+4912345", "lang": "de"},
             "order": {"total": 12.50, "paid": true, "items": []}, "text": "two cups"}
            """
        let event = try #require(try events(body, try shop()).first)
        #expect(event.kind == .event("order-paid"))
        #expect(event.channel == .webhook)
        #expect(event.sourceID == "12345678901234567890123")
        #expect(event.occurredAt == Timestamp(rfc3339: "2026-03-28T21:30:00Z"))
        #expect(
            event.customerAddresses == [
                RawAddress(.mailto, "Ana@Example.COM"), RawAddress(.tel, "0138 0013 8000"), RawAddress(.tel, "555"),
                RawAddress(.id, "crm/77"), RawAddress(.tel, "+4912345"),
            ])
        #expect(event.subject == "Order 9")
        #expect(event.text == "two cups")
        #expect(event.language == "de")
        #expect(event.attributes == ["total": "12.50", "paid": "true"])
        #expect(event.payload == Interaction.Payload(type: "application/json", bytes: Array(body.utf8)))
        #expect(event.requests == [])
    }

    @Test("knows the listed kinds and reads keywords when told to")
    func kinds() throws {
        let event = try #require(try events(#"{"type":"message","text":"STOP"}"#, try shop()).first)
        #expect(event.kind == .messageReceived)
        #expect(event.requests == [.stop(keyword: "stop")])
        #expect(event.sourceID == nil)
        #expect(try events("{}", try shop())[0].kind == .event("received"))
        var quiet = try shop()
        quiet.readsKeywords = false
        #expect(try events(#"{"type":"message","text":"STOP"}"#, quiet)[0].requests == [])
    }

    @Test("takes id and kind from headers when the body has none")
    func headers() throws {
        let mapping = WebhookMapping(
            id: try pointer("/id"), idHeader: "X-GitHub-Delivery", kind: try pointer("/type"),
            kindHeader: "X-GitHub-Event")
        let adapter = WebhookAdapter(name: "git", scheme: .unsigned, mapping: mapping)
        func receive(_ body: String) throws -> [InboundEvent] {
            let headers = [(name: "X-GitHub-Delivery", value: "72d3"), ("X-GitHub-Event", "Issue Comment")]
            return try adapter.receive(Requests.post(body, headers: headers)).events
        }
        #expect(try receive("{}").map(\.sourceID) == ["72d3"])
        #expect(try receive("{}").map(\.kind) == [.event("issue-comment")])
        #expect(try receive(#"{"id":"own","type":"t"}"#).map(\.sourceID) == ["own"])
        #expect(try receive(#"{"id":"own","type":"t"}"#).map(\.kind) == [.event("t")])
        #expect(try receive(#"[{},{"id":"own"}]"#).map(\.sourceID) == ["72d3/0", "own"])
    }

    @Test(
        "reads time in three forms",
        arguments: [
            (WebhookMapping.TimeFormat.rfc3339, #""2023-11-14T22:13:20Z""#, 1_700_000_000_000 as Int64),
            (.unixSeconds, "1700000000", 1_700_000_000_000), (.unixSeconds, #""1700000000""#, 1_700_000_000_000),
            (.unixSeconds, "1700000000.25", 1_700_000_000_250), (.unixMilliseconds, "1700000000001", 1_700_000_000_001),
        ])
    func times(format: WebhookMapping.TimeFormat, value: String, milliseconds: Int64) throws {
        let event = try events("{\"at\":\(value)}", try shop(timeFormat: format))[0]
        #expect(event.occurredAt == Timestamp(milliseconds: milliseconds))
    }

    @Test(
        "a time of the wrong form is refused with its place",
        arguments: [
            (WebhookMapping.TimeFormat.rfc3339, "1700000000", "expected an instant such as 2026-03-28T22:30:00Z"),
            (.rfc3339, #""2026-02-30T00:00:00Z""#, "expected an instant such as 2026-03-28T22:30:00Z"),
            (.unixSeconds, "1e9", "expected seconds since 1970"), (.unixSeconds, "-5", "expected seconds since 1970"),
            (.unixSeconds, "99999999999999999999", "expected seconds since 1970"),
            (.unixSeconds, "1700000000000", "expected seconds since 1970"),
            (.unixMilliseconds, "{}", "expected milliseconds since 1970"),
        ])
    func badTimes(format: WebhookMapping.TimeFormat, value: String, expectation: String) throws {
        #expect(throws: InboundRejection(.malformed, "/at: \(expectation)")) {
            try events("{\"at\":\(value)}", try shop(timeFormat: format))
        }
    }

    @Test("takes many events of one request")
    func lists() throws {
        let body = #"{"events":[{"id":"a"},{"id":"b","at":null}]}"#
        #expect(try events(body, try shop(events: try pointer("/events"))).map(\.sourceID) == ["a", "b"])
        #expect(try events(#"[{"id":"a"},{"id":"b"}]"#, try shop()).count == 2)
        #expect(try events("[]", try shop()).isEmpty)
    }

    @Test(
        "refuses what it can't map, with the place",
        arguments: [
            (#"{"events":[{"id":"a"},3]}"#, "/events/1: expected an object"),
            (#"{"events":[{"id":{}}]}"#, "/events/0/id: expected an id of 1 to 500 bytes"),
            (#"{"events":[{"id":""}]}"#, "/events/0/id: expected an id of 1 to 500 bytes"),
            (#"{"events":{}}"#, "/events: expected an array of events"), ("{}", "/events: expected an array of events"),
            ("nonsense", "line 1, column 1: expected a value"),
        ])
    func malformed(body: String, detail: String) throws {
        let mapping = try shop(events: try pointer("/events"))
        #expect(throws: InboundRejection(.malformed, detail)) { try events(body, mapping) }
    }

    @Test("bounds what one request may hold")
    func bounds() throws {
        let many = "[" + Array(repeating: "{}", count: 1001).joined(separator: ",") + "]"
        #expect(throws: InboundRejection(.malformed, "more than 1000 events in one request")) {
            try events(many, try shop())
        }
        let small = WebhookAdapter(name: "shop", scheme: .unsigned, mapping: try shop(), bodyLimit: 10)
        #expect(throws: InboundRejection(.tooLarge)) { try small.receive(Requests.post("{\"a\":\"bcdef\"}")) }
        let long = #"{"subject":"\#(String(repeating: "x", count: 5000))"}"#
        #expect(try events(long, try shop())[0].subject?.count == 2000)
        let phones = Array(repeating: "1", count: 100).joined(separator: ",")
        #expect(try events("{\"customer\":{\"phones\":[\(phones)]}}", try shop())[0].customerAddresses.count == 20)
    }

    @Test("looks at nothing before the signature holds, and takes only POST and PUT")
    func order2() throws {
        let scheme = SignatureScheme.bearer(try BearerToken(tokens: [Secret("t0ken")]))
        #expect(throws: InboundRejection(.signature)) { try events("nonsense", try shop(), scheme: scheme) }
        let adapter = WebhookAdapter(name: "shop", scheme: .unsigned, mapping: try shop())
        #expect(throws: InboundRejection(.method)) { try adapter.receive(Requests.post("{}", method: "GET")) }
    }

    @Test("maps the example of the Standard Webhooks specification", .enabled(if: Fixtures.isPresent))
    func standardWebhooks() throws {
        let body = try Fixtures.bytes("webhook/standard-webhooks/contact-created-full.json")
        let signer = try StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")])
        let headers = signer.headers(id: "msg_1", at: Requests.receivedAt, body: body).map {
            (name: $0.name, value: $0.value)
        }
        let mapping = WebhookMapping(
            id: try pointer("/data/id"), time: try pointer("/timestamp"), kind: try pointer("/type"),
            addresses: [.init(try pointer("/data/phoneNumber"), scheme: .tel)])
        let adapter = WebhookAdapter(name: "crm", scheme: .standardWebhooks(signer), mapping: mapping)
        let event = try adapter.receive(Requests.post(bytes: body, headers: headers)).events[0]
        #expect(event.kind == .event("contact.created"))
        #expect(event.sourceID == "1f81eb52-5198-4599-803e-771906343485")
        #expect(event.occurredAt == Timestamp(rfc3339: "2022-11-03T20:26:10.344Z"))
        #expect(event.customerAddresses == [RawAddress(.tel, "(281) 332-2575")])
    }
}
