import Foundation
import RapportChannels
import RapportCore
import RapportSMS
import RapportTestSupport
import Testing

@Suite("Kannel's callbacks") struct KannelInboundTests {
    @Test("an incoming message as smsbox 1.4.5 sends it")
    func message() throws {
        let event = try Kannel.receive(
            "mo",
            "from=%2B8613800138000&to=24453&text=hello+w%C3%B6rld+%26&charset=UTF-8&coding=0"
                + "&id=fda7da0c-5a4e-44e1-880f-6aa00785ec65&time=1795364847&smsc=fake&udh=")
        #expect(event.kind == .messageReceived)
        #expect(event.channel == .sms)
        #expect(event.direction == .inbound)
        #expect(event.sourceID == "mo:fda7da0c-5a4e-44e1-880f-6aa00785ec65")
        #expect(event.occurredAt == Timestamp(seconds: 1_795_364_847))
        #expect(event.customerAddresses == [RawAddress(.tel, "+8613800138000")])
        #expect(event.from == "+8613800138000")
        #expect(event.to == "24453")
        #expect(event.text == "hello wörld &")
        #expect(event.attributes == ["smsc": "fake"])
        #expect(event.requests == [])
        #expect(event.payload?.bytes.isEmpty == false)
    }

    @Test(
        "reads text in the charset that Kannel names",
        arguments: [
            ("text=%4F%60%59%7D&charset=UTF-16BE", "你好"), ("text=caf%E9&charset=ISO-8859-1", "café"),
            ("text=caf%C3%A9&charset=UTF-8", "café"), ("text=caf%C3%A9", "café"), ("text=&charset=UTF-8", ""),
            ("text=a%00b", "a\u{FFFD}b"), ("text=1%2B1+%3D+2", "1+1 = 2"),
            ("text=Stop%E9&charset=UTF-8", "Stop\u{FFFD}"), ("text=%4F%60%59&charset=UTF-16BE", "你\u{FFFD}"),
            ("text=%D8%00%4F%60&charset=UTF-16BE", "\u{FFFD}你"), ("text=x&charset=%FF", "x"),
        ])
    func charsets(query: String, text: String) throws {
        #expect(try Kannel.receive("mo", "from=%2B861&" + query).text == text)
    }

    @Test("keeps a binary message without taking it for text")
    func binary() throws {
        let event = try Kannel.receive(
            "mo", "from=1234&to=5678&text=%04%1F%04%40+&charset=8-BIT&coding=1&id=9563d89d&time=1795364847")
        #expect(event.text == "")
        #expect(event.attributes["binary"] == "041f044020")
        #expect(event.requests == [])
    }

    @Test("takes an opt-out whose part header and other fields are no text")
    func bytesBesideText() throws {
        let event = try Kannel.receive(
            "mo", "from=%2B861&to=%FF1&text=stop&udh=%05%00%03%CC%02%01&smsc=%E9&service=%E9&id=%E91&time=%FF")
        #expect(event.requests == [.stop(keyword: "stop")])
        #expect(event.attributes["udh"] == "050003cc0201")
        #expect(event.sourceID == "mo:\u{FFFD}1")
        #expect(try Kannel.receive("mo", "from=%FF&text=x").customerAddresses == [RawAddress(.tel, "\u{FFFD}")])
    }

    @Test("takes a delivery report whatever the gateway quotes in it")
    func bytesInReports() throws {
        let token = Kannel.tokens.tokens(of: Kannel.dispatch)[.delivery]
        let event = try Kannel.receive(
            "dlr", "d=\(token)&status=2&reply=NACK%2F%E9t%E9&smsc=%E9&from=%FF&to=%FF&time=%FF")
        #expect(event.delivery?.outcome == .failed)
        #expect(event.delivery?.diagnostic == "NACK/\u{FFFD}t\u{FFFD}")
        #expect(event.dispatch == .dispatch(Kannel.dispatch))
    }

    @Test("a keyword becomes a request of the hub")
    func keyword() throws {
        #expect(try Kannel.receive("mo", "from=%2B861&text=Stop.").requests == [.stop(keyword: "stop")])
        #expect(try Kannel.receive("mo", "from=%2B861&text=please+stop+texting+me").requests == [.probableStop])
    }

    @Test(
        "each bit of a delivery report means one thing",
        arguments: [
            ("1", DeliveryReport.Outcome.delivered, InteractionKind.deliveryDelivered),
            ("2", .failed, .deliveryFailed), ("4", .deferred, .deliveryDeferred), ("8", .accepted, .deliveryAccepted),
            ("16", .failed, .deliveryFailed), ("12", .accepted, .deliveryAccepted),
            ("9", .delivered, .deliveryDelivered),
            ("18", .failed, .deliveryFailed), ("0", .unknown, .unknown), ("32", .unknown, .unknown),
            ("34", .failed, .deliveryFailed), ("66", .failed, .deliveryFailed), ("33", .delivered, .deliveryDelivered),
            ("-1", .unknown, .unknown), ("99999999999999999999", .unknown, .unknown), ("sent", .unknown, .unknown),
        ])
    func receipt(status: String, outcome: DeliveryReport.Outcome, kind: InteractionKind) throws {
        let token = Kannel.tokens.tokens(of: Kannel.dispatch)[.delivery]
        let event = try Kannel.receive(
            "dlr",
            "d=\(token)&status=\(status)&smsc=f2ec82e6&reply=ACK%2F&from=%2B8613800138000&to=123&time=1795364850")
        #expect(event.kind == kind)
        #expect(event.delivery?.outcome == outcome)
        #expect(event.delivery?.code == status)
        #expect(event.delivery?.diagnostic == "ACK/")
        #expect(event.dispatch == .dispatch(Kannel.dispatch))
        #expect(event.sourceID == "dlr:\(token):\(status):f2ec82e6")
        #expect(event.customerAddresses == [RawAddress(.tel, "+8613800138000")])
        #expect(event.requests == [])
    }

    @Test("a report for a token that is not ours is kept without a dispatch")
    func forgedToken() throws {
        let event = try Kannel.receive("dlr", "d=d42-0000000000000000&status=1")
        #expect(event.dispatch == nil)
        #expect(event.kind == .deliveryDelivered)
        let other = Kannel.tokens.tokens(of: Kannel.dispatch)[.preferences]
        #expect(try Kannel.receive("dlr", "d=\(other)&status=1").dispatch == nil)
    }

    @Test(
        "a wrong secret is refused before anything is read",
        arguments: ["", "/", "/mo", "/wrongwrongwrongwrong/mo", "/s3cretsecrets3cre/mo", "/s3cretsecrets3crett/mo"])
    func wrongSecret(path: String) throws {
        #expect(throws: InboundRejection(.signature)) {
            try Kannel.adapter().receive(Kannel.request(path, "text=%ZZ"))
        }
    }

    @Test("the older of two secrets still opens")
    func rotation() throws {
        let result = try Kannel.adapter().receive(
            Kannel.request("/anOlderSecret0123/mo", "from=%2B861&text=x"))
        #expect(result.events.count == 1)
    }

    @Test(
        "bad requests are refused with the place",
        arguments: [
            ("mo", "text=x", "query: expected from"), ("mo", "from=&text=x", "query: expected from"),
            ("mo", "from=1", "query: expected text"), ("mo", "from=1&text=a&text=b", "query: text is given twice"),
            ("mo", "from=1&from=2&text=a", "query: from is given twice"),
            ("mo", "from=1&text=%ZZ", "query, byte 12: expected two hex digits after %"),
            ("mo", "from=1&text=abc%4", "query, byte 15: expected two hex digits after %"),
            ("mo", "%FF=1", "query, byte 0: expected a name in UTF-8"),
            ("mo", String(repeating: "a=1&", count: 501), "query: more than 500 fields"),
            ("dlr", "d=d42-x", "query: expected status"), ("dlr", "status=1", "query: expected d"),
        ])
    func malformed(what: String, query: String, detail: String) throws {
        #expect(throws: InboundRejection(.malformed, detail)) { try Kannel.receive(what, query) }
    }

    @Test("another path is 404 and another method 405, once the secret is right")
    func paths() throws {
        #expect(throws: InboundRejection(.path)) { try Kannel.receive("other", "") }
        #expect(throws: InboundRejection(.method)) {
            try Kannel.adapter().receive(Kannel.request("/\(Kannel.secret)/mo", "", method: "DELETE"))
        }
    }

    @Test("is answered with nothing, because Kannel would send it to the customer")
    func reply() async throws {
        let result = try Kannel.adapter().receive(Kannel.request("/\(Kannel.secret)/mo", "from=1&text=x"))
        let reply = await result.reply([])
        #expect(reply == InboundReply(status: 200, contentType: "text/plain", body: ""))
    }

    /// courier names its fields otherwise and refuses what is no telephone number and the status 0; we keep both, the
    /// one with its raw address, the other as unknown, because a refusal makes Kannel drop them.
    @Test("reads the recorded callbacks", .enabled(if: Fixtures.isPresent))
    func fixtures() throws {
        let ours = ["sender": "from", "message": "text", "ts": "time", "uuid": "d"]
        var texts: [String] = []
        var outcomes: [DeliveryReport.Outcome] = []
        for path in try Fixtures.list("sms/kannel") {
            var query = String(decoding: try Fixtures.bytes(path), as: UTF8.self)
            for (theirs, name) in ours { query = query.replacing("\(theirs)=", with: "\(name)=") }
            let expected = try #require(try Fixtures.meta(path)["expected"] as? [String: Any])
            if query.contains("status=") {
                outcomes.append(try #require(try Kannel.receive("dlr", query).delivery?.outcome))
            } else {
                let event = try Kannel.receive("mo", query)
                texts.append(try #require(event.text))
                if let sender = expected["uRN"] as? String {
                    #expect("tel:" + (event.from ?? "") == sender)
                    #expect(event.occurredAt == Timestamp(rfc3339: "2017-05-02T14:31:49Z"))
                    #expect(event.sourceID == "mo:asdf-asdf")
                }
            }
        }
        #expect(texts == ["Join", "", "Join"])
        #expect(outcomes == [.unknown, .deferred, .delivered])
    }
}
