import Foundation
import RapportChannels
import RapportCore
import RapportTestSupport
import RapportWebhook
import Testing

@Suite("CloudEvents") struct CloudEventTests {
    private func adapter() throws -> WebhookAdapter {
        WebhookAdapter(
            name: "bus", scheme: .unsigned, format: .cloudEvents,
            mapping: WebhookMapping(
                kinds: ["com.example.message": .messageReceived],
                addresses: [.init(try #require(JSONPointer("/data/email")), scheme: .mailto)],
                text: JSONPointer("/data/text"), attributes: ["ext": try #require(JSONPointer("/myext"))]))
    }

    private func structured(_ body: String, type: String = "application/cloudevents+json") throws -> [InboundEvent] {
        try adapter().receive(Requests.post(body, headers: [("Content-Type", type)])).events
    }

    @Test("structured mode")
    func structuredMode() throws {
        let event = try structured(
            """
            {"specversion":"1.0","id":"1","source":"/crm","type":"com.example.message","time":"2026-01-02T03:04:05Z",
             "subject":"hi","myext":5,"gone":null,"data":{"email":"a@example.com","text":"hello"}}
            """)[0]
        #expect(event.kind == .messageReceived)
        #expect(event.sourceID == "/crm 1")
        #expect(event.occurredAt == Timestamp(rfc3339: "2026-01-02T03:04:05Z"))
        #expect(event.subject == "hi")
        #expect(event.text == "hello")
        #expect(event.customerAddresses == [RawAddress(.mailto, "a@example.com")])
        #expect(event.attributes == ["ext": "5", "source": "/crm"])
    }

    @Test("binary mode, with percent-encoded headers")
    func binaryMode() throws {
        let headers: [(name: String, value: String)] = [
            ("ce-specversion", "1.0"), ("ce-type", "com.example.message"), ("ce-id", "1234"), ("ce-source", "/crm"),
            ("ce-subject", "Euro%20%E2%82%AC"), ("Content-Type", "application/json; charset=utf-8"),
        ]
        let event = try adapter().receive(
            Requests.post(#"{"email":"a@example.com"}"#, headers: headers)
        ).events[0]
        #expect(event.sourceID == "/crm 1234")
        #expect(event.subject == "Euro €")
        #expect(event.customerAddresses == [RawAddress(.mailto, "a@example.com")])
        #expect(event.payload?.type == "application/cloudevents+json")
    }

    @Test(
        "binary mode takes a header's value out of its quotes",
        arguments: [
            ("\"plain\"", "plain"), ("\"a \\\"b\\\" \\\\c\"", "a \"b\" \\c"), ("\"%22\"", "\""), ("\"half", "\"half"),
            ("5\" pipe", "5\" pipe"),
        ])
    func quotedHeader(value: String, expected: String) throws {
        let headers: [(name: String, value: String)] = [
            ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"), ("ce-source", "/crm"), ("ce-subject", value),
        ]
        #expect(try adapter().receive(Requests.post("", headers: headers)).events[0].subject == expected)
    }

    /// The body of a structured event sent as binary mode, with another id beside it.
    private func resent(_ scheme: SignatureScheme, signature: [(name: String, value: String)]) throws -> [String?] {
        let adapter = WebhookAdapter(name: "bus", scheme: scheme, format: .cloudEvents, mapping: WebhookMapping())
        let headers: [(name: String, value: String)] = [
            ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "2"), ("ce-source", "/a"),
            ("Content-Type", "application/json"),
        ]
        return try adapter.receive(Requests.post(Self.signedBody, headers: headers + signature)).events.map(\.sourceID)
    }

    private static let signedBody = #"{"specversion":"1.0","id":"1","source":"/a","type":"t"}"#

    @Test("binary mode is refused where a signature covers the body alone, and structured mode is taken there")
    func signedBinaryMode() throws {
        let standard = try StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")])
        let standardHeaders = standard.headers(
            id: "msg_1", at: Requests.receivedAt, body: Array(Self.signedBody.utf8)
        ).map { (name: $0.name, value: $0.value) }
        // HMAC-SHA256 of the body under ‘a shared secret’.
        let code = "491aeb4970b391ad864b16186c6f02bdc4326cd34f16788eae2a046e2c905523"
        let schemes: [(scheme: SignatureScheme, headers: [(name: String, value: String)])] = [
            (.standardWebhooks(standard), standardHeaders),
            (.body(try BodySignature(header: "x-code", secrets: [Secret("a shared secret")])), [("x-code", code)]),
        ]
        let refusal = InboundRejection(
            .malformed,
            "header content-type: expected application/cloudevents+json or application/cloudevents-batch+json, "
                + "because the signature does not cover the headers of binary mode")
        for (scheme, headers) in schemes {
            #expect(throws: refusal) { try resent(scheme, signature: headers) }
            let adapter = WebhookAdapter(name: "bus", scheme: scheme, format: .cloudEvents, mapping: WebhookMapping())
            let type = [(name: "Content-Type", value: "application/cloudevents+json")]
            #expect(
                try adapter.receive(Requests.post(Self.signedBody, headers: headers + type)).events.map(\.sourceID)
                    == ["/a 1"])
            // A forger is told what it always is.
            #expect(throws: InboundRejection(.signature)) { try resent(scheme, signature: []) }
        }
    }

    @Test("binary mode is taken from whoever has the token")
    func binaryModeWithToken() throws {
        let token = Secret("0123456789abcdef")
        #expect(
            try resent(
                .bearer(try BearerToken(tokens: [token])), signature: [("Authorization", "Bearer \(token.value)")])
                == ["/a 2"])
    }

    @Test("batched mode, each event by itself")
    func batchedMode() throws {
        let event = #"{"specversion":"1.0","id":"1","source":"/a","type":"t"}"#
        let type = "application/cloudevents-batch+json; charset=UTF-8"
        #expect(
            try structured("[\(event),\(event.replacing(#""1","source""#, with: #""2","source""#))]", type: type)
                .map(\.sourceID) == ["/a 1", "/a 2"])
        #expect(try structured("[]", type: type).isEmpty)
        #expect(throws: InboundRejection(.malformed, "/1/id: expected a string that is not empty")) {
            try structured("[\(event),{\"specversion\":\"1.0\"}]", type: type)
        }
        #expect(throws: InboundRejection(.malformed, "the whole: expected an array of events")) {
            try structured(event, type: type)
        }
    }

    private func payloads(_ events: [InboundEvent]) -> [String] {
        events.map { String(decoding: $0.payload?.bytes ?? [], as: UTF8.self) }
    }

    @Test("keeps the bytes of each event as they came")
    func exactBytes() throws {
        let event = #"{"specversion":"1.0" , "id":"1","source":"/a","type":"t","gone":null,"data":1.0}"#
        #expect(payloads(try structured(event + "\n")) == [event + "\n"])
        #expect(
            payloads(try structured("[ \(event) ,\(event)]", type: "application/cloudevents-batch+json")) == [
                event, event,
            ])
    }

    @Test(
        "binary mode keeps the headers in the JSON format, and the body in a form that gives its bytes",
        arguments: [
            ("application/json; charset=utf-8", Array(#"{"a": 1.0}"#.utf8), #""data":{"a": 1.0}"#),
            ("text/plain", Array("a\0\"b".utf8), #""data":"a\u0000\"b""#),
            ("image/png", [0xFF, 0] as [UInt8], #""data_base64":"/wA=""#),
        ])
    func binaryPayload(type: String, body: [UInt8], data: String) throws {
        let headers: [(name: String, value: String)] = [
            ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-id", "1"), ("ce-source", "/a"), ("Content-Type", type),
        ]
        let event = try adapter().receive(Requests.post(bytes: body, headers: headers)).events
        #expect(
            payloads(event) == [
                #"{"specversion":"1.0","type":"t","id":"1","source":"/a","datacontenttype":"\#(type)",\#(data)}"#
            ])
        #expect(
            payloads(try adapter().receive(Requests.post("", headers: headers)).events)
                == [#"{"specversion":"1.0","type":"t","id":"1","source":"/a"}"#])
    }

    @Test(
        "refuses a broken context, with the place",
        arguments: [
            ("[]", "the whole: expected an object"), ("{}", "/specversion: expected a string that is not empty"),
            (#"{"specversion":"0.3","id":"1","source":"/a","type":"t"}"#, "/specversion: expected 1.0"),
            (#"{"specversion":"1.0","id":1,"source":"/a","type":"t"}"#, "/id: expected a string that is not empty"),
            (#"{"specversion":"1.0","id":"1","source":"","type":"t"}"#, "/source: expected a string that is not empty"),
            (#"{"specversion":"1.0","id":"1","source":"/a"}"#, "/type: expected a string that is not empty"),
            (
                #"{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"yesterday"}"#,
                "/time: expected an instant such as 2026-03-28T22:30:00Z"
            ),
            (
                #"{"specversion":"1.0","id":"1","source":"/a","type":"t","My_Ext":"1"}"#,
                "/My_Ext: expected lower-case letters and digits with a plain value"
            ),
            (
                #"{"specversion":"1.0","id":"1","source":"/a","type":"t","ext":{}}"#,
                "/ext: expected lower-case letters and digits with a plain value"
            ),
            (
                #"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":1,"data_base64":""}"#,
                "/data_base64: expected a string, and no data beside it"
            ),
        ])
    func malformed(body: String, detail: String) {
        #expect(throws: InboundRejection(.malformed, detail)) { try structured(body) }
    }

    @Test(
        "refuses broken headers, with their names",
        arguments: [
            ("ce-id", "%ZZ", "header ce-id: expected percent-encoded UTF-8"),
            ("ce-id", "%FF", "header ce-id: expected percent-encoded UTF-8"),
            ("ce-type", "again", "header ce-type: given twice"),
            ("ce-id", "", "header ce-id: expected a string that is not empty"),
        ])
    func malformedHeaders(name: String, value: String, detail: String) throws {
        let headers: [(name: String, value: String)] = [
            ("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-source", "/a"), (name, value),
        ]
        #expect(throws: InboundRejection(.malformed, detail)) {
            try adapter().receive(Requests.post("", headers: headers))
        }
    }

    @Test("an event format that is not JSON, and a plain body without a context")
    func otherFormats() throws {
        #expect(throws: InboundRejection(.malformed, "header content-type: expected an event format in JSON")) {
            try structured("<e/>", type: "application/cloudevents+xml")
        }
        #expect(throws: InboundRejection(.malformed, "header ce-specversion: expected a string that is not empty")) {
            try structured("{}", type: "application/json")
        }
    }

    /// `data_base64` of the first example is no base64 but a description of it; it is not decoded, so it passes.
    @Test("the examples of the JSON format", .enabled(if: Fixtures.isPresent))
    func fixtures() throws {
        var ids: [String?] = []
        for path in try Fixtures.list("webhook/cloudevents") where path.hasSuffix(".json") {
            let event = try structured(String(decoding: try Fixtures.bytes(path), as: UTF8.self))[0]
            #expect(event.kind == .event("com.example.someevent"))
            #expect(event.occurredAt == Timestamp(rfc3339: "2018-04-05T17:31:00Z"))
            ids.append(event.sourceID)
        }
        #expect(
            ids == [
                "/mycontext A234-1234-1234", "/mycontext B234-1234-1234", "/mycontext C234-1234-1234",
                "/mycontext D234-1234-1234",
            ])
    }

    /// The body of this example is an ellipsis, so it is sent with an object in its place.
    @Test("the example of the HTTP binding", .enabled(if: Fixtures.isPresent))
    func httpFixture() throws {
        let text = String(
            decoding: try Fixtures.bytes("webhook/cloudevents/http-binding-example-0.http"), as: UTF8.self)
        let headers = text.split(separator: "\n").filter { $0.hasPrefix("ce-") || $0.hasPrefix("Content-Type") }
            .map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (name: String(parts[0]), value: parts[1].trimmingCharacters(in: .whitespaces))
            }
        let event = try adapter().receive(Requests.post("{}", headers: headers)).events[0]
        #expect(event.sourceID == "/mycontext/subcontext 1234-1234-1234")
        #expect(event.occurredAt == Timestamp(rfc3339: "2018-04-05T03:56:24Z"))
    }
}
