import RapportChannels
import RapportCore
import RapportIVR
import Testing

@Suite("Calls as plain JSON") struct JSONCallTests {
    private func adapter(menu: Bool = true) throws -> JSONCallAdapter {
        JSONCallAdapter(
            name: "pbx", scheme: .bearer(try BearerToken(tokens: [Secret("t0ken")])),
            menu: menu ? try Menus.standard() : nil)
    }

    private func request(_ body: String, token: String = "t0ken", method: String = "POST") -> InboundRequest {
        InboundRequest(
            method: method, path: "", query: "", publicURL: "https://hub.example.com/in/pbx",
            headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")],
            body: Array(body.utf8), receivedAt: Timestamp(seconds: 1_700_000_000))
    }

    private func event(_ body: String) throws -> InboundEvent {
        try #require(try adapter().receive(request(body)).events.first)
    }

    private func answer(_ body: String, menu: Bool = true, customer: CustomerID? = CustomerID(2)) async throws -> String
    {
        let result = try adapter(menu: menu).receive(request(body))
        let committed = CommittedEvent(
            interaction: InteractionID(1), customer: customer, isRepetition: false, owner: "Mei")
        return await result.reply([committed]).body
    }

    @Test("a caller whom the hub met by this call is unknown to the menu until it ends")
    func firstContact() async throws {
        let start = #"{"event":"started","call":"7f","from":"+4930","to":"+49800"}"#
        let first = try await answer(start, customer: CustomerID(1))
        #expect(first.contains("Welcome <to>") && first.contains("node=main&step=1&try=1&new=1"))
        let key = #"{"event":"digits","call":"7f","digits":"5","state":"node=main&step=1&try=1&new=1"}"#
        #expect(try await answer(key, customer: CustomerID(0)).contains("node=main&step=2&try=1&language=zh&new=1"))
        #expect(try await !answer(start, customer: CustomerID(0)).contains("new=1"))
    }

    @Test("a whole call, by the answers it gets")
    func call() async throws {
        let start = #"{"event":"started","call":"7f","from":"+4930","to":"+49800","time":"2026-01-02T03:04:05Z"}"#
        let event = try event(start)
        #expect(event.kind == .callStarted)
        #expect(event.sourceID == "7f:call.started")
        #expect(event.occurredAt == Timestamp(rfc3339: "2026-01-02T03:04:05Z"))
        #expect(event.conversation == "call:7f")
        #expect(event.customerAddresses == [RawAddress(.tel, "+4930")])
        #expect(
            try await answer(start) == """
                {"say":[{"language":"en","text":"For no more offers press 1."}],"then":"gather","digits":1,"timeout":7,\
                "keys":["1","2","3","4","5","6","7","9"],"words":["no more offers","不要优惠"],\
                "state":"node=main&step=1&try=1"}
                """)
        let key = #"{"event":"digits","call":"7f","from":"+4930","digits":"1","state":"node=main&step=1&try=1"}"#
        #expect(try self.event(key).requests == [.optOut(topic: "offers", channel: nil, method: "key-press")])
        #expect(try self.event(key).sourceID == "7f:step:1")
        #expect(
            try await answer(key) == #"{"say":[{"language":"en","text":"Thank you."}],"then":"hangUp"}"#)
        #expect(try await answer(#"{"event":"completed","call":"7f"}"#) == #"{"say":[],"then":"hangUp"}"#)
        #expect(try await answer(start, menu: false) == #"{"say":[],"then":"hangUp"}"#)
    }

    @Test(
        "each event has its kind",
        arguments: [
            ("answered", InteractionKind.callAnswered), ("completed", .callCompleted), ("missed", .callMissed),
            ("transferred", .unknown),
        ])
    func kinds(word: String, kind: InteractionKind) throws {
        let event = try event(
            "{\"event\":\"\(word)\",\"call\":\"7f\",\"direction\":\"outbound\",\"to\":\"+49\",\"x\":[]}")
        #expect(event.kind == kind)
        #expect(event.direction == .outbound)
        #expect(event.customerAddresses == [RawAddress(.tel, "+49")])
        #expect(event.sourceID == (kind == .unknown ? "7f:event:transferred" : "7f:\(kind)"))
    }

    @Test("a withheld number is nobody's", arguments: ["anonymous", "Private", "+266696687"])
    func withheld(from: String) throws {
        #expect(try event("{\"event\":\"started\",\"call\":\"7f\",\"from\":\"\(from)\"}").customerAddresses == [])
    }

    @Test("the exchange's own id names the event")
    func ownID() throws {
        #expect(
            try event(#"{"event":"missed","call":"7f","id":900719925474099312345}"#).sourceID
                == "7f:900719925474099312345")
    }

    @Test("speech, silence and a message")
    func inputs() async throws {
        let state = #""state":"node=main&step=2&try=1""#
        #expect(try event("{\"event\":\"speech\",\"call\":\"7f\",\"text\":\"hello\",\(state)}").kind == .callSpeech)
        #expect(
            try event("{\"event\":\"digits\",\"call\":\"7f\",\"digits\":null,\(state)}").attributes["input"] == "none")
        let message =
            #"{"event":"recorded","call":"7f","recording":"https://pbx/1.wav","duration":9,"state":"node=voicemail&step=2&try=1"}"#
        #expect(try event(message).kind == .callRecorded)
        #expect(try event(message).sourceID == "7f:recording:https://pbx/1.wav")
        #expect(try await answer(message).contains("Thank you."))
    }

    @Test(
        "is refused with the place",
        arguments: [
            ("[]", "the whole: expected an object"), ("{}", "/call: expected a text"),
            (#"{"call":"7f"}"#, "/event: expected a text"),
            (#"{"call":{},"event":"missed"}"#, "/call: expected a plain value"),
            (#"{"call":"7f","event":"digits"}"#, "/state: expected a text"),
            (#"{"call":"7f","event":"digits","state":"x"}"#, "/state: expected the state of the last answer"),
            (#"{"call":"7f","event":"recorded"}"#, "/recording: expected a text"),
            (
                #"{"call":"7f","event":"missed","time":"now"}"#,
                "/time: expected an instant such as 2026-03-28T22:30:00Z"
            ),
            (#"{"call":"7f""#, "line 1, column 13: expected , or }"),
        ])
    func malformed(body: String, detail: String) {
        #expect(throws: InboundRejection(.malformed, detail)) { try adapter().receive(request(body)) }
    }

    @Test("a wrong token, a wrong method and a large body are refused")
    func refused() {
        #expect(throws: InboundRejection(.signature)) { try adapter().receive(request("%", token: "other")) }
        #expect(throws: InboundRejection(.method)) { try adapter().receive(request("{}", method: "GET")) }
        #expect(throws: InboundRejection(.tooLarge)) {
            try adapter().receive(request(String(repeating: " ", count: 70_000)))
        }
    }
}
