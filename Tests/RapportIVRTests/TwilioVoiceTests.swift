import Foundation
import RapportChannels
import RapportCore
import RapportIVR
import RapportTestSupport
import Testing

@Suite("Twilio's voice webhooks") struct TwilioVoiceTests {
    static let token = "12345"
    static let caller = "&From=%2B16055741111&To=%2B18005551212&Direction=inbound"

    private func adapter(menu: Menu? = nil) throws -> TwilioVoiceAdapter {
        TwilioVoiceAdapter(
            name: "voice", signature: try TwilioSignature(tokens: [Secret(Self.token)]),
            publicURL: "https://hub.example.com", menu: try menu ?? Menus.standard())
    }

    /// Signed as Twilio signs.
    private func request(_ path: String, _ body: String, query: String = "", signed: Bool = true) -> InboundRequest {
        let url = "https://hub.example.com/in/voice\(path)\(query.isEmpty ? "" : "?\(query)")"
        var headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        if signed {
            let signature = try? TwilioSignature(tokens: [Secret(Self.token)]).sign(url: url, form: Array(body.utf8))
            headers.append((name: "X-Twilio-Signature", value: signature ?? ""))
        }
        return InboundRequest(
            method: "POST", path: path, query: query, publicURL: url, headers: headers, body: Array(body.utf8),
            receivedAt: Timestamp(seconds: 1_700_000_000))
    }

    private func event(_ path: String, _ body: String, query: String = "") throws -> InboundEvent {
        try #require(try adapter().receive(request(path, body, query: query)).events.first)
    }

    private func answer(
        _ path: String, _ body: String, query: String = "", committed: CommittedEvent? = nil
    ) async throws -> String {
        let result = try adapter().receive(request(path, body, query: query))
        let event = committed ?? CommittedEvent(interaction: InteractionID(1), customer: nil, isRepetition: false)
        let reply = await result.reply([event])
        #expect(reply.contentType == "text/xml; charset=utf-8")
        #expect(reply.status == 200)
        return reply.body
    }

    @Test("a call that comes in is logged and answered with the menu")
    func incoming() async throws {
        let body = "CallSid=CA1&CallStatus=ringing" + Self.caller
        let event = try event("", body)
        #expect(event.kind == .callStarted)
        #expect(event.channel == .ivr)
        #expect(event.direction == .inbound)
        #expect(event.sourceID == "CA1:call.started")
        #expect(event.conversation == "call:CA1")
        #expect(event.customerAddresses == [RawAddress(.tel, "+16055741111")])
        #expect(event.attributes == ["status": "ringing", "called": "+18005551212"])
        #expect(
            try await answer("", body) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <Response><Gather input="dtmf speech" \
                action="https://hub.example.com/in/voice/step?node=main&amp;step=1&amp;try=1" method="POST" timeout="7" \
                actionOnEmptyResult="true" numDigits="1" finishOnKey="" hints="no more offers,不要优惠" language="en-US">\
                <Say language="en-US">Welcome &lt;to&gt; Ana&apos;s &amp; Bo&apos;s.</Say>\
                <Say language="en-US">For no more offers press 1.</Say></Gather></Response>
                """)
    }

    @Test("a known caller hears their language and their colleague")
    func known() async throws {
        let committed = CommittedEvent(
            interaction: InteractionID(1), customer: CustomerID(2), isRepetition: true, language: "zh-CN",
            owner: "<Mei>")
        let text = try await answer(
            "/step", "CallSid=CA1&CallStatus=in-progress&Digits=3" + Self.caller, query: "node=main&step=1&try=1",
            committed: committed)
        #expect(text.contains("<Say language=\"zh-CN\" voice=\"Polly.Zhiyu\">您的联系人是&lt;Mei&gt;。</Say>"))
        #expect(text.contains("step?node=main&amp;step=2&amp;try=1"))
    }

    @Test(
        "keys are logged with what they ask for",
        arguments: [
            (
                "1", InteractionKind.callDigits,
                [CustomerRequest.optOut(topic: "offers", channel: nil, method: "key-press")]
            ),
            ("2", .callCallbackRequested, [.followUp(kind: "callback", summary: "Asked by telephone")]),
            ("6", .callDigits, [.optOut(topic: nil, channel: .sms, method: "key-press")]),
            ("7", .callDigits, [.optIn(topic: "offers", channel: nil, method: "key-press", confirmation: .sender)]),
            ("3", .callDigits, []), ("8", .callDigits, []), ("", .callDigits, []),
        ])
    func digits(digits: String, kind: InteractionKind, requests: [CustomerRequest]) throws {
        let event = try event(
            "/step", "CallSid=CA1&CallStatus=in-progress&Digits=\(digits)" + Self.caller,
            query: "node=main&step=3&try=1")
        #expect(event.kind == kind)
        #expect(event.requests == requests)
        #expect(event.sourceID == "CA1:step:3")
        #expect(event.text == (digits.isEmpty ? nil : digits))
        #expect(event.attributes["node"] == "main")
        #expect(event.attributes["input"] == (digits.isEmpty ? "none" : nil))
    }

    @Test("the same key at the same node later in the call is another event, a repeated request is the same")
    func stepIDs() throws {
        let body = "CallSid=CA1&CallStatus=in-progress&Digits=3" + Self.caller
        let first = try event("/step", body, query: "node=main&step=1&try=1")
        #expect(try event("/step", body, query: "node=main&step=1&try=1").sourceID == first.sourceID)
        #expect(try event("/step", body, query: "node=main&step=2&try=1").sourceID != first.sourceID)
    }

    @Test("speech is logged as it was heard")
    func speech() throws {
        let event = try event(
            "/step", "CallSid=CA1&CallStatus=in-progress&SpeechResult=No+more+offers.&Confidence=0.9" + Self.caller,
            query: "node=main&step=1&try=1")
        #expect(event.kind == .callSpeech)
        #expect(event.text == "No more offers.")
        #expect(event.attributes["confidence"] == "0.9")
        #expect(event.requests == [.optOut(topic: "offers", channel: nil, method: "speech")])
    }

    @Test("a message is one event, whether the step or the callback tells of it first")
    func recording() async throws {
        let recorded =
            "&RecordingSid=RE9&RecordingUrl=https%3A%2F%2Fapi.twilio.com%2FRecordings%2FRE9&RecordingDuration=12"
        let body = "CallSid=CA1&CallStatus=in-progress" + recorded + Self.caller
        let step = try event("/step", body, query: "node=voicemail&step=2&try=1")
        #expect(step.kind == .callRecorded)
        #expect(step.sourceID == "CA1:recording:RE9")
        #expect(step.attributes["recording"] == "https://api.twilio.com/Recordings/RE9")
        #expect(step.attributes["seconds"] == "12")
        let callback = try event("/recording", "CallSid=CA1&RecordingStatus=completed" + recorded)
        #expect(callback.sourceID == step.sourceID)
        #expect(callback.kind == step.kind)
        let withoutID = body.replacing("&RecordingSid=RE9", with: "")
        #expect(try event("/step", withoutID, query: "node=voicemail&step=2&try=1").sourceID == step.sourceID)
        #expect(try await answer("/step", body, query: "node=voicemail&step=2&try=1").contains("Thank you."))
        #expect(try event("/recording", "CallSid=CA1&RecordingStatus=failed&RecordingSid=RE9").kind == .unknown)
    }

    @Test("asks for a message and goes on when there is none")
    func record() async throws {
        let text = try await answer(
            "/step", "CallSid=CA1&CallStatus=in-progress&Digits=4" + Self.caller, query: "node=main&step=1&try=1")
        #expect(
            text.hasSuffix(
                """
                <Response><Say language="en-US">Please leave a message.</Say><Record \
                action="https://hub.example.com/in/voice/step?node=voicemail&amp;step=2&amp;try=1" method="POST" \
                maxLength="60" finishOnKey="#" recordingStatusCallback="https://hub.example.com/in/voice/recording"/>\
                <Redirect method="POST">https://hub.example.com/in/voice/step?node=voicemail&amp;step=2&amp;try=1</Redirect>\
                </Response>
                """))
        let none =
            "CallSid=CA1&CallStatus=in-progress&RecordingUrl=https%3A%2F%2Fx%2FRE1&RecordingDuration=0" + Self.caller
        #expect(try event("/step", none, query: "node=voicemail&step=2&try=1").kind == .callDigits)
        #expect(try await answer("/step", none, query: "node=voicemail&step=2&try=1").contains("Thank you."))
    }

    @Test(
        "each status is one moment of the call",
        arguments: [
            ("queued", InteractionKind.callStarted, "CA1:call.started"),
            ("initiated", .callStarted, "CA1:call.started"),
            ("ringing", .callStarted, "CA1:call.started"), ("in-progress", .callAnswered, "CA1:call.answered"),
            ("completed", .callCompleted, "CA1:call.completed"), ("busy", .callMissed, "CA1:call.missed"),
            ("no-answer", .callMissed, "CA1:call.missed"), ("failed", .callMissed, "CA1:call.missed"),
            ("canceled", .callMissed, "CA1:call.missed"), ("teleported", .unknown, "CA1:status:teleported:4"),
            ("", .unknown, "CA1:status::4"),
        ])
    func statuses(status: String, kind: InteractionKind, sourceID: String) async throws {
        let body = "CallSid=CA1&CallStatus=\(status)&SequenceNumber=4&CallDuration=50" + Self.caller
        let event = try event("/status", body)
        #expect(event.kind == kind)
        #expect(event.sourceID == sourceID)
        #expect(event.attributes["duration"] == "50")
        #expect(try await answer("/status", body).hasSuffix("<Response></Response>"))
    }

    @Test("the customer of a call that we placed is the one called")
    func outbound() throws {
        let event = try event(
            "/status", "CallSid=CA1&CallStatus=no-answer&From=%2B18005551212&To=%2B16055741111&Direction=outbound-api")
        #expect(event.direction == .outbound)
        #expect(event.customerAddresses == [RawAddress(.tel, "+16055741111")])
    }

    @Test(
        "callers who withhold their number are nobody, not all the same one",
        arguments: [
            "anonymous", "Anonymous", "%2B266696687", "%2B7378742833", "RESTRICTED", "unknown", "client%3Abob",
            "sip%3Abob%40pbx.example.com", "",
        ])
    func withheld(from: String) throws {
        #expect(try event("", "CallSid=CA1&CallStatus=ringing&From=\(from)").customerAddresses == [])
    }

    @Test("a number behind SIP is a number")
    func sip() throws {
        let event = try event("", "CallSid=CA1&CallStatus=ringing&From=sip%3A%2B493012345%40pbx.example.com")
        #expect(event.customerAddresses == [RawAddress(.tel, "+493012345")])
    }

    @Test("nobody is answered once the line is down or a machine listens")
    func over() async throws {
        let hungUp = try await answer(
            "/step", "CallSid=CA1&CallStatus=completed&Digits=hangup" + Self.caller, query: "node=main&step=1&try=1")
        #expect(hungUp.hasSuffix("<Response></Response>"))
        let machine = try await answer("", "CallSid=CA1&CallStatus=in-progress&AnsweredBy=machine_start")
        #expect(machine.hasSuffix("<Response></Response>"))
    }

    @Test("without its signature nothing is read, and a changed node is a changed URL")
    func signature() throws {
        #expect(throws: InboundRejection(.signature)) { try adapter().receive(request("", "%ZZ", signed: false)) }
        var forged = request("/step", "CallSid=CA1&Digits=1", query: "node=main&step=1&try=1")
        forged.publicURL = forged.publicURL.replacing("main", with: "done")
        #expect(throws: InboundRejection(.signature)) { try adapter().receive(forged) }
    }

    @Test(
        "bad requests are refused with the place",
        arguments: [
            ("", "CallStatus=ringing", "", InboundRejection(.malformed, "form: expected CallSid")),
            ("", "CallSid=CA1&From=%FF", "", InboundRejection(.malformed, "form: From is not UTF-8")),
            (
                "/step", "CallSid=CA1", "node=main",
                InboundRejection(.malformed, "query: expected the step and the try of a call")
            ),
            ("/step", "CallSid=CA1", "", InboundRejection(.malformed, "query: expected node")),
            ("/other", "CallSid=CA1", "", InboundRejection(.path)),
        ])
    func malformed(path: String, body: String, query: String, rejection: InboundRejection) {
        #expect(throws: rejection) { try adapter().receive(request(path, body, query: query)) }
    }

    @Test("a field given twice is refused")
    func duplicate() throws {
        // Twilio signs each distinct value once, so the same value twice still has a good signature.
        let signed = request("", "CallSid=CA1")
        var twice = signed
        twice.body = Array("CallSid=CA1&CallSid=CA1".utf8)
        #expect(throws: InboundRejection(.malformed, "form: CallSid is given twice")) { try adapter().receive(twice) }
    }

    @Test("control characters never reach the XML")
    func controls() async throws {
        let committed = CommittedEvent(
            interaction: InteractionID(1), customer: CustomerID(2), isRepetition: false, owner: "M\u{1}e\u{0}i")
        let text = try await answer(
            "/step", "CallSid=CA1&CallStatus=in-progress&Digits=3" + Self.caller, query: "node=main&step=1&try=1",
            committed: committed)
        #expect(text.contains("Your contact is Mei."))
    }

    /// The recorded bodies of the steps leave out CallSid, which Twilio always sends: it is added here. What the other
    /// product answered is its own flow; the number that a machine answered it tries again, we hang up.
    @Test("reads the recorded requests", .enabled(if: Fixtures.isPresent))
    func fixtures() throws {
        let expected: [(name: String, path: String, kind: InteractionKind)] = [
            ("mailroom-01", "/step", .callDigits), ("mailroom-04", "/step", .callDigits),
            ("mailroom-05", "/step", .callDigits), ("mailroom-09", "/step", .callDigits),
            ("mailroom-10", "", .callAnswered), ("mailroom-11", "/status", .callCompleted),
            ("mailroom-12", "", .callStarted), ("mailroom-14", "", .callStarted),
        ]
        let paths = try Fixtures.list("voice/twilio")
        #expect(paths.count == expected.count)
        for (path, expected) in zip(paths, expected) {
            #expect(path.contains(expected.name))
            var body = String(decoding: try Fixtures.bytes(path), as: UTF8.self)
            if !body.contains("CallSid") { body += "&CallSid=Call1" }
            let event = try event(
                expected.path, body, query: expected.path == "/step" ? "node=main&step=1&try=1" : "")
            #expect(event.kind == expected.kind, "\(path)")
            #expect(event.text == (body.contains("Digits=56") ? "56" : nil), "\(path)")
            if body.contains("Caller=") {
                #expect(event.customerAddresses.first?.text.hasPrefix("+1605574") == true)
            }
        }
    }
}
