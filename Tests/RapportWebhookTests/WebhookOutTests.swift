import RapportChannels
import RapportCore
import RapportTestSupport
import RapportWebhook
import Testing

@Suite("Webhooks that go out") struct WebhookOutTests {
    let tokens = DispatchTokens(secret: Secret("hub"))
    let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    private func adapter(
        _ http: RecordingHTTP, url: String? = nil, allowsPrivateAddresses: Bool = false
    ) throws -> WebhookChannelAdapter {
        WebhookChannelAdapter(
            name: "hooks", url: url, signing: try StandardWebhooks(secrets: [secret]), tokens: tokens, http: http,
            now: { Requests.receivedAt }, allowsPrivateAddresses: allowsPrivateAddresses)
    }

    private func message(
        _ address: String = "https://shop.test/hook",
        content: OutboundMessage.Content = .event(type: "offer", json: #"{"type":"offer"}"#)
    ) throws -> OutboundMessage {
        OutboundMessage(
            dispatch: DispatchID(42), customer: CustomerID(7), channel: .webhook, messageClass: .service, topic: "t",
            to: try #require(Address(normalized: address)), content: content, createdAt: Requests.receivedAt)
    }

    @Test("posts the JSON to the customer's address, signed, with the dispatch's token as its id")
    func post() async throws {
        let http = RecordingHTTP(host: "shop.test", status: 204)
        let receipt = try await adapter(http).send(try message())
        #expect(receipt == Receipt(state: .accepted, detail: "HTTP 204"))
        let call = try #require(http.calls.first)
        #expect(call.method == "POST")
        #expect(call.url == "https://shop.test/hook")
        #expect(!call.allowsPrivateAddresses)
        #expect(call.headers[1] == HTTPField("webhook-id", tokens.tokens(of: DispatchID(42))[.delivery]))
        // The receiver's side of it.
        let request = Requests.post(bytes: call.body, headers: call.headers.map { ($0.name, $0.value) })
        try StandardWebhooks(secrets: [secret]).verify(request)
        #expect(request.mediaType == "application/json")
    }

    @Test("or all to one URL, which may be near when the configuration says so")
    func fixedURL() async throws {
        let http = RecordingHTTP(host: "10.0.0.7:8080", status: 200)
        let near = try adapter(http, url: "http://10.0.0.7:8080/x", allowsPrivateAddresses: true)
        _ = try await near.send(try message("mailto:a@example.com"))
        #expect(http.calls[0].allowsPrivateAddresses)
        await #expect(throws: SendError(.configuration, status: "expected https")) {
            try await adapter(http, url: "http://10.0.0.7:8080/x").send(try message())
        }
    }

    @Test("a customer's address never reaches the network behind the hub")
    func noPrivateAddress() async throws {
        let http = RecordingHTTP(host: "shop.test", status: 200)
        _ = try await adapter(http, allowsPrivateAddresses: true).send(try message())
        #expect(!http.calls[0].allowsPrivateAddresses)
    }

    @Test("what waits for other calls is taken back when the hub stops")
    func withdraws() async throws {
        let http = RecordingHTTP(host: "shop.test", status: 200)
        _ = try await adapter(http).send(try message())
        try adapter(http).withdraw()
        #expect(http.calls.map(\.isRevocable) == [true] && http.isWithdrawn)
    }

    @Test(
        "a URL that must not be called is a bad address",
        arguments: [
            ("https:http://shop.test/", "expected a host"), ("https:///path", "expected a host"),
            ("https://user:pw@shop.test/", "a password in the URL"), ("https://shop.test/#x", "a fragment"),
            ("https://shop.test/a b", "not a URL"), ("https://shop.test/\r\nX: y", "not a URL"),
            ("https://shop.test/" + String(repeating: "x", count: 2048), "longer than 2048 bytes"),
        ])
    func badURL(url: String, problem: String) async throws {
        let http = RecordingHTTP(host: "shop.test", status: 200)
        await #expect(throws: SendError(.badAddress, status: problem)) {
            try await adapter(http).send(try message(url))
        }
        #expect(http.calls.isEmpty)
    }

    @Test(
        "every answer has its code",
        arguments: [
            (410, SendError.Code.badAddress), (429, .throttled), (500, .temporary), (503, .temporary),
            (408, .temporary),
            (401, .authentication), (403, .authentication), (404, .rejected), (400, .rejected), (413, .tooLarge),
            (302, .rejected),
        ])
    func answers(status: Int, code: SendError.Code) async throws {
        let http = RecordingHTTP(host: "shop.test", status: status, headers: [HTTPField("retry-after", "120")])
        let error = await #expect(throws: SendError.self) { try await adapter(http).send(try message()) }
        #expect(error?.code == code)
        #expect(error?.retryAfterSeconds == (code == .throttled || code == .temporary ? 120 : nil))
    }

    @Test(
        "Retry-After is bounded, and a date is left to the backoff",
        arguments: [
            ("120", 120), ("-1", 0), ("99999999", 86_400), ("Fri, 31 Dec 1999 23:59:59 GMT", nil), ("", nil),
        ])
    func retryAfter(value: String, seconds: Int?) {
        #expect(HTTPAnswer(status: 429, headers: [HTTPField("retry-after", value)]).retryAfterSeconds == seconds)
    }

    @Test("a refused customer's URL is a bad address, a refused configured one our fault")
    func refusedURL() async throws {
        let http = RecordingHTTP(host: "shop.test") { _ throws(HTTPCallError) in throw HTTPCallError(.refusedURL) }
        let customer = await #expect(throws: SendError.self) { try await adapter(http).send(try message()) }
        #expect(customer?.code == .badAddress)
        let fixed = await #expect(throws: SendError.self) {
            try await adapter(http, url: "https://shop.test/").send(try message())
        }
        #expect(fixed?.code == .configuration)
    }

    @Test("carries nothing but events to web addresses")
    func unsupported() async throws {
        let http = RecordingHTTP(host: "shop.test", status: 200)
        await #expect(throws: SendError(.unsupported)) {
            try await adapter(http).send(try message(content: .text("x")))
        }
        await #expect(throws: SendError(.unsupported)) {
            try await adapter(http).send(try message("mailto:a@example.com"))
        }
    }
}
