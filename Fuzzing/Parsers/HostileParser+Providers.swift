import RapportChannels
import RapportCore
import RapportIVR
import RapportSMS

extension HostileParser {
    static let providers: [HostileParser] = [twilio, kannel, jsonCall]

    private static let menu = try? MenuFile.read(
        """
        language: en
        start: main
        nodes:
          main:
            say: {en: "For no more offers press 1."}
            gather:
              keys:
                1: {optOut: offers, goto: done}
                2: {followUp: callback, goto: done}
                3: voicemail
              words:
                no more offers: {optOut: offers, goto: done}
              otherwise: voicemail
          voicemail:
            say: {en: "Speak after the tone."}
            record: {seconds: 60, goto: done}
          done:
            say: {en: "Goodbye, {{owner}}."}
            hangUp: true
        """, name: "main", file: "main.yaml", topics: ["offers"])

    private static let paths = ["", "/step", "/status", "/recording", "/mo", "/dlr"]

    private static let twilio = HostileParser(
        "twilio-voice",
        samples: [
            "path: /step\nquery: node=main&step=1&try=1\n\n"
                + "CallSid=CA1&From=%2B493012345&To=%2B4930999&Direction=inbound&CallStatus=in-progress&Digits=1",
            "path: \n\nCallSid=CA1&From=%2B493012345&To=%2B4930999&Direction=inbound&CallStatus=ringing",
            "path: /recording\n\nCallSid=CA1&RecordingSid=RE1&RecordingUrl=https%3A%2F%2Fx&RecordingDuration=7",
            "path: /status\n\nCallSid=CA1&CallStatus=completed&CallDuration=12&From=anonymous",
        ],
        words: [
            "path: /step", "path: /status", "path: /recording", "query: node=", "&step=", "&try=", "&Digits=",
            "&SpeechResult=", "&CallStatus=", "&From=", "&RecordingDuration=", "&Confidence=", "main", "done",
        ], corpus: ["fixtures/voice/twilio"], prefix: "path: /step\n\n"
    ) { bytes throws(BrokenPromise) in
        guard let signature = try? TwilioSignature(tokens: [Secret("0123456789abcdef")]) else { return }
        let adapter = TwilioVoiceAdapter(
            name: "a", signature: signature, publicURL: "https://hub.example.com", menu: menu, region: "CN")
        var letter = Letter(bytes)
        let path = paths.contains(letter.header("path")) ? letter.header("path") : "/step"
        letter.headers.append(("content-type", "application/x-www-form-urlencoded"))
        var request = letter.request(path: path, query: letter.header("query"))
        guard let code = try? signature.sign(url: request.publicURL, form: request.body) else { return }
        request.headers.insert(("x-twilio-signature", code), at: 0)
        request.headers.insert(("content-type", "application/x-www-form-urlencoded"), at: 0)
        try await answer(try? adapter.receive(request))
    }

    private static let kannel = HostileParser(
        "kannel",
        samples: [
            "path: /mo\nquery: from=%2B491701234567&to=12345&text=STOP&charset=UTF-8&coding=0&id=7a&time=2026-03-28+22:30:00&smsc=a&udh=\n",
            "path: /mo\nquery: from=0170&text=%4f%60&charset=UTF-16BE&coding=2&id=1&udh=%05%00%03%01%02%01\n",
            "path: /dlr\nquery: id=d1-abcdefghijklmnop&status=8&answer=ACK%2F&to=%2B49&time=1774700000\n",
        ],
        words: [
            "path: /mo", "path: /dlr", "query: ", "&from=", "&text=", "&charset=UTF-16BE", "&charset=", "&coding=2",
            "&udh=%05", "&status=", "&answer=NACK%2F1", "&time=",
        ], corpus: ["fixtures/sms/kannel"], prefix: "path: /mo\nquery: "
    ) { bytes throws(BrokenPromise) in
        guard let tokens = try? PathToken(tokens: [Secret("0123456789abcdef")]) else { return }
        let adapter = KannelAdapter(
            name: "k",
            configuration: KannelConfiguration(
                sendURL: "http://127.0.0.1/", username: "u", password: Secret("p"),
                publicURL: "https://hub.example.com", callbackTokens: tokens),
            tokens: DispatchTokens(secret: Secret("a secret that nobody knows")), http: NoHTTP())
        let letter = Letter(bytes)
        let path = paths.contains(letter.header("path")) ? letter.header("path") : "/mo"
        try await answer(
            try? adapter.receive(
                letter.request(path: "/0123456789abcdef" + path, query: letter.header("query"))))
    }

    private static let jsonCall = HostileParser(
        "ivr-json",
        samples: [
            #"{"event": "digits", "call": "7f3a", "from": "+493012345", "to": "+49800555", "digits": "1", "#
                + #""state": "node=main&step=1&try=1"}"#,
            #"{"event": "started", "call": "7f3a", "from": null, "direction": "inbound", "time": "2026-03-28T22:30:00Z"}"#,
        ],
        words: [
            "\"event\":\"speech\"", "\"event\":\"recorded\"", "\"state\":\"node=main&try=9\"", "\"speech\":\"",
            "\"duration\":", "\"recording\":\"", "\"id\":null",
        ], corpus: ["fixtures/voice/jambonz"]
    ) { bytes throws(BrokenPromise) in
        let adapter = JSONCallAdapter(name: "pbx", scheme: .unsigned, menu: menu)
        try await answer(try? adapter.receive(Letter(Array("\n".utf8) + bytes).request))
    }

    /// What is said back is part of what hostile bytes can reach.
    private static func answer(_ result: InboundResult?) async throws(BrokenPromise) {
        try check(result)
        guard let result else { return }
        _ = await result.reply(
            result.events.map { _ in
                CommittedEvent(interaction: InteractionID(1), customer: CustomerID(1), isRepetition: false)
            })
    }
}

/// The way out, for adapters of which only the way in is asked.
private struct NoHTTP: HTTPCalling {
    func call(_ request: HTTPCall) async throws(HTTPCallError) -> HTTPAnswer {
        throw HTTPCallError(.connection)
    }

    func withdraw() {}
}
