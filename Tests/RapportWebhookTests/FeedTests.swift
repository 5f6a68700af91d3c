import RapportChannels
import RapportCore
import RapportTestSupport
import RapportWebhook
import Testing

@Suite("The feed") struct FeedTests {
    private func interaction(_ id: Int64, text: String = "hi \"you\"\n") -> Interaction {
        Interaction(
            id: InteractionID(id), customer: CustomerID(3), channel: .sms, adapter: "sms", direction: .inbound,
            kind: .messageReceived, occurredAt: Requests.receivedAt, recordedAt: Requests.receivedAt, from: "+861",
            text: text, attributes: ["b": "2", "a": "1"], sourceID: "mo:1",
            references: .init(campaign: "spring", dispatch: DispatchID(42)),
            payload: .init(type: "text/plain", bytes: Array("raw".utf8)))
    }

    @Test("writes everything of an interaction but its raw payload")
    func encode() throws {
        let batch = try #require(FeedBatch(feed: "crm", interactions: [interaction(7)], at: Requests.receivedAt))
        #expect(batch.id == "feed-crm-i7-i7")
        let json = try JSONReader.read(batch.body)
        #expect(json["type"]?.string == "rapport.interactions")
        #expect(JSONPointer("/data/first")?.find(in: json)?.string == "i7")
        #expect(
            JSONPointer("/data/interactions/0")?.find(in: json)?.text == """
                {"id":"i7","kind":"message.received","channel":"sms","adapter":"sms","direction":"inbound",\
                "occurredAt":"2023-11-14T22:13:20Z","recordedAt":"2023-11-14T22:13:20Z","customer":"c3","from":"+861",\
                "text":"hi \\"you\\"\\n","sourceID":"mo:1","campaign":"spring","dispatch":"d42",\
                "attributes":{"a":"1","b":"2"}}
                """)
    }

    @Test("takes as many as fit, at least one, and names the last")
    func limit() throws {
        let many = (1...10).map { interaction($0, text: String(repeating: "x", count: 1000)) }
        let batch = try #require(FeedBatch(feed: "crm", interactions: many, at: Requests.receivedAt, limit: 4000))
        #expect(batch.count == 3)
        #expect(batch.last == InteractionID(3))
        #expect(batch.id == "feed-crm-i1-i3")
        #expect(FeedBatch(feed: "crm", interactions: many, at: Requests.receivedAt, limit: 1)?.count == 1)
        #expect(FeedBatch(feed: "crm", interactions: [], at: Requests.receivedAt) == nil)
    }

    @Test("delivers signed, with the batch's id, again with the same one")
    func deliver() async throws {
        let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let http = RecordingHTTP(host: "crm.test", status: 200)
        let feed = try FeedDelivery(
            name: "crm", url: "https://crm.test/feed", signing: try StandardWebhooks(secrets: [secret]), http: http)
        let batch = try #require(FeedBatch(feed: "crm", interactions: [interaction(7)], at: Requests.receivedAt))
        try await feed.deliver(batch, at: Requests.receivedAt)
        try await feed.deliver(batch, at: Requests.receivedAt)
        #expect(http.calls[0] == http.calls[1])
        try StandardWebhooks(secrets: [secret]).verify(
            Requests.post(bytes: http.calls[0].body, headers: http.calls[0].headers.map { ($0.name, $0.value) }))
    }

    @Test(
        "a receiver that is gone or down is told apart",
        arguments: [
            (410, SendError.Code.configuration), (503, .temporary), (429, .throttled),
        ])
    func failures(status: Int, code: SendError.Code) async throws {
        let http = RecordingHTTP(host: "crm.test", status: status)
        let feed = try FeedDelivery(
            name: "crm", url: "https://crm.test/feed",
            signing: try StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]), http: http)
        let batch = try #require(FeedBatch(feed: "crm", interactions: [interaction(7)], at: Requests.receivedAt))
        let error = await #expect(throws: SendError.self) { try await feed.deliver(batch, at: Requests.receivedAt) }
        #expect(error?.code == code)
    }

    @Test("a URL that can't be called is refused at the start")
    func url() {
        #expect(throws: SignatureSettingError("feed crm: url: expected https")) {
            try FeedDelivery(
                name: "crm", url: "http://crm.test/",
                signing: try StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]),
                http: RecordingHTTP(host: "crm.test", status: 200))
        }
    }
}
