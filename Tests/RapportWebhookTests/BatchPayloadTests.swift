import RapportChannels
import RapportCore
import RapportWebhook
import Testing

@Suite("What is kept of a request with many events") struct BatchPayloadTests {
    private func events(_ body: String, list: String?, limit: Int = 1 << 20) throws -> [InboundEvent] {
        let mapping = WebhookMapping(
            events: list.flatMap { JSONPointer($0) }, addresses: [.init(try #require(JSONPointer("/from")))])
        return try WebhookAdapter(name: "shop", scheme: .unsigned, mapping: mapping, bodyLimit: limit)
            .receive(Requests.post(body)).events
    }

    private func payloads(_ events: [InboundEvent]) -> [String] {
        events.map { String(decoding: $0.payload?.bytes ?? [], as: UTF8.self) }
    }

    @Test("is of each event its own bytes as they came, within what stands around the list, and nothing of the others")
    func envelope() throws {
        let body = """
            {"shop": "\\u0041",  "events": [ {"from":"a@example.com", "n": 1.0} ,
             {"n":2,"from":"b@example.com"}, {"n" : 3} ],
             "sentAt": 7}
            """
        let found = try events(body, list: "/events")
        func whole(_ item: String) -> String {
            "{\"shop\": \"\\u0041\",  \"events\": [ \(item) ],\n \"sentAt\": 7}"
        }
        #expect(
            payloads(found) == [
                whole(#"{"from":"a@example.com", "n": 1.0}"#), whole(#"{"n":2,"from":"b@example.com"}"#),
                whole(#"{"n" : 3}"#),
            ])
        // Each is a request of its own, of which the same event comes.
        for (event, payload) in zip(found, payloads(found)) {
            let again = try events(payload, list: "/events")
            #expect(again.map(\.customerAddresses) == [event.customerAddresses])
            #expect(again.map(\.payload) == [event.payload])
        }
    }

    @Test("is only the event's own bytes when the list is all there is")
    func bare() throws {
        #expect(payloads(try events(#" [ {"a" : 1},{"b":2.0}]"#, list: nil)) == [#"{"a" : 1}"#, #"{"b":2.0}"#])
        #expect(payloads(try events(#"[{"a" : 1}]"#, list: "")) == [#"{"a" : 1}"#])
    }

    @Test("has the rest of the body once when it would take more than the limit of a body in all rows together")
    func largeEnvelope() throws {
        let items = #"{"a":1},{"a":2},{"a":3}"#
        // Around the items stand 29 bytes, for the second and the third event 58 in all.
        let body = #"{"note":"123456","events":["# + items + "]}"
        #expect(body.utf8.count - items.utf8.count == 29)
        #expect(payloads(try events(body, list: "/events", limit: 58)).map(\.utf8.count) == [36, 36, 36])
        #expect(payloads(try events(body, list: "/events", limit: 57)).map(\.utf8.count) == [36, 7, 7])
    }

    @Test("without an id an event is known again by its own bytes, whatever stands around the list this time")
    func repetition() throws {
        let first = try events(#"{"sentAt":1,"events":[{"a":1},{"a":2}]}"#, list: "/events")
        let second = try events(#"{"sentAt":22,"events":[{"a":2}]}"#, list: "/events")
        #expect(first[1].payload != second[0].payload)
        #expect(first[1].ownBytes == second[0].ownBytes)
        #expect(first[0].ownBytes.map { Array($0) } == Array(#"{"a":1}"#.utf8))
        let single = try events(#"{"a":1}"#, list: nil)[0]
        #expect(single.ownBytes.map { Array($0) } == single.payload?.bytes)
    }
}
