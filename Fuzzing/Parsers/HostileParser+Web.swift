import NIOCore
import NIOEmbedded
import NIOHTTP1
import RapportChannels
import RapportCore
import RapportServer
import RapportWebhook

extension HostileParser {
    static let web: [HostileParser] = [form, json, webhook, cloudEvents, preferencePage, plainCall]

    private static let form = HostileParser(
        "form", samples: ["a=1&b=%e4%bd%a0+x&c&=d&a=2", "text=STOP&from=%2B49"],
        words: ["%", "%00", "&&", "=", "%ff", "+"]
    ) { bytes throws(BrokenPromise) in
        if let fields = try? FormFields(bytes, place: "form") {
            for name in ["a", "text", ""] { _ = (try? fields.text(name), try? fields.filled(name)) }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? FormFields(query: text)
        _ = HookPath(RequestTarget(text).path)
        guard
            (try? PercentCoding.decode(Array(PercentCoding.encode(text).utf8), plusIsSpace: false)) == Array(text.utf8)
        else { throw BrokenPromise("a text does not come back from its percent-encoding") }
    }

    private static let json = HostileParser(
        "json",
        samples: [
            #"{"a": [1, -2.5e3, true, null, "x\u00e4\n\ud83d\ude00"], "b": {"c": {}}}"#,
            #"{"kind": "message.received", "customer": "c1", "occurredAt": "2026-03-28T22:30:00Z", "text": "hi"}"#,
        ],
        words: [
            "{\"", "\":", "[[[[", "]]]]", "\\u0000", "\\ud800", "\\udc00", "1e999", "-0", "null", "true", "false",
            "\"addresses\":[", "\"attributes\":{", "\"kind\":\"event.x\"",
        ], corpus: ["fixtures/webhook"]
    ) { bytes throws(BrokenPromise) in
        guard let value = try? JSONReader.read(bytes) else { return }
        let pointers = ["", "/a/0", "/b/c", "/a~1b"].compactMap { JSONPointer($0) }
        for pointer in pointers {
            var items: [JSONValue] = []
            if case .array(let found) = pointer.find(in: value) { items = found }
            guard let read = try? JSONReader.read(bytes, itemsAt: pointer),
                items == read.items.map({ try? JSONReader.read(Array(bytes[$0])) })
            else { throw BrokenPromise("the items of a JSON array do not stand where they are said to") }
        }
        guard let again = try? JSONReader.read(Array(value.text.utf8)), again == value else {
            throw BrokenPromise("JSON that was read and written again is not the same")
        }
    }

    private static let mapping: WebhookMapping = {
        func at(_ text: String) -> JSONPointer { JSONPointer(text) ?? JSONPointer("")! }
        return WebhookMapping(
            events: nil, id: at("/id"), idHeader: "webhook-id", time: at("/at"), kind: at("/type"),
            kindHeader: "x-event", kinds: ["paid": .event("paid")],
            addresses: [
                .init(at("/customer/email"), scheme: .mailto), .init(at("/customer/phones"), scheme: .tel),
                .init(at("/customer/number"), scheme: .id, system: "crm"), .init(at("/customer/any")),
            ], subject: at("/subject"), text: at("/text"), language: at("/customer/lang"),
            attributes: ["total": at("/order/total"), "items": at("/order/items")], readsKeywords: true)
    }()

    private static let webhook = HostileParser(
        "webhook",
        samples: [
            "webhook-id: 7\nx-event: paid\n\n"
                + #"{"id": 123, "type": "Order Paid", "at": "2026-03-28T22:30:00+01:00", "subject": "Order 9", "#
                + #""customer": {"email": "Ana@Example.COM", "phones": ["0138 0013 8000", 555], "number": 77, "lang": "de"}, "#
                + #""order": {"total": 12.50, "items": []}, "text": "two cups"}"#,
            "\n[{\"id\": 1}, {\"id\": 2}]",
        ], words: ["\"id\":", "\"at\":1e18", "\"customer\":", "\"email\":", "\"phones\":[", "\"text\":\"STOP\""],
        corpus: ["fixtures/webhook", "fixtures/email/sendgrid", "fixtures/sms/vonage"], prefix: "\n"
    ) { bytes throws(BrokenPromise) in
        let adapter = WebhookAdapter(name: "shop", scheme: .unsigned, mapping: mapping)
        try check(try? adapter.receive(Letter(bytes).request))
    }

    private static let cloudEvents = HostileParser(
        "cloudevents",
        samples: [
            "content-type: application/cloudevents+json\n\n"
                + #"{"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "time": "2026-03-28T22:30:00Z", "data": {}}"#,
            "content-type: application/cloudevents-batch+json\n\n[]",
            "ce-specversion: 1.0\nce-id: 1\nce-source: /s\nce-type: t%20x\ncontent-type: text/plain\n\nhello",
        ],
        words: ["ce-", "\"data_base64\":\"", "application/cloudevents-batch+json", "\"specversion\":\"1.0\"", "%e4"],
        corpus: ["fixtures/webhook/cloudevents"], prefix: "content-type: application/cloudevents+json\n\n"
    ) { bytes throws(BrokenPromise) in
        let adapter = WebhookAdapter(name: "shop", scheme: .unsigned, format: .cloudEvents, mapping: mapping)
        try check(try? adapter.receive(Letter(bytes).request))
    }

    private static let preferencePage = HostileParser(
        "preference-page",
        samples: ["form=preferences&shown=1:email:offers&shown=0:sms:news&allow=sms:news&pause=3&all=off"],
        words: ["shown=", "allow=", "pause=", "email:", "1:", "0:", "form=preferences"]
    ) { bytes throws(BrokenPromise) in
        _ = try? PreferenceForm(bytes, mediaType: "application/x-www-form-urlencoded")
        let text = String(decoding: bytes, as: UTF8.self)
        let tokens = DispatchTokens(secret: Secret("a secret that nobody knows"))
        if let customer = tokens.verify(text), tokens.token(for: customer) != text {
            throw BrokenPromise("a token that was not given out holds")
        }
    }

    /// What is read here and by the reader of HTTP is to be the same.
    private static let plainCall = HostileParser(
        "plain-call",
        samples: [
            "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            "POST /in/a/b?c=%20&d HTTP/1.1\r\nhost:\t x\r\nX-Empty:\r\ncontent-length:0\r\n\r\n",
        ],
        words: [
            "POST /in/", " HTTP/1.1\r\n", "\r\n", "\r\n\r\n", "\n", "\r", ": ", "Content-Length: ", "Content-Length: 0",
            "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n", "Upgrade: x\r\n",
            "\t", "\u{0}", "\u{7f}", "+", "00", "#", "\\", "|", "\"", "POST /in/x HTTP/1.1\r\n\r\n",
        ]
    ) { bytes throws(BrokenPromise) in
        guard let call = bytes.withUnsafeBytes(PlainCall.init) else { return }
        let channel = EmbeddedChannel()
        var parts: [HTTPServerRequestPart] = []
        do {
            try channel.pipeline.syncOperations.addHandler(
                ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .fireError)))
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) { parts.append(part) }
            _ = try channel.finish()
        } catch {
            throw BrokenPromise("a plain call is no HTTP: \(error)")
        }
        guard case .head(let head)? = parts.first, case .end(nil)? = parts.last, head.isKeepAlive,
            head.method == .POST, head.version == .http1_1, head.uri == call.target,
            head.headers.map({ $0.name.lowercased() }) == call.headers.map(\.name),
            head.headers.map(\.value) == call.headers.map(\.value)
        else { throw BrokenPromise("a plain call's head is read in two ways") }
        var body: [UInt8] = []
        for part in parts.dropFirst().dropLast() {
            guard case .body(let piece) = part else { throw BrokenPromise("a plain call is two") }
            body += piece.readableBytesView
        }
        guard body == Array(bytes[call.bodyStart...]) else {
            throw BrokenPromise("a plain call's body is read in two ways")
        }
    }

    static func check(_ result: InboundResult?) throws(BrokenPromise) {
        guard let result else { return }
        guard result.events.count <= WebhookAdapter.batchLimit else { throw BrokenPromise("too many events") }
        for event in result.events where InteractionKind(rawValue: event.kind.rawValue) == nil {
            throw BrokenPromise("an event of a kind that there is not")
        }
    }
}
