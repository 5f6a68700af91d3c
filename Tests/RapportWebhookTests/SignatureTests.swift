import RapportChannels
import RapportCore
import Testing

@Suite("Signatures") struct SignatureTests {
    let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let older = Secret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")

    private func signed(
        _ body: String, by signer: StandardWebhooks, at: Timestamp = Requests.receivedAt,
        receivedAt: Timestamp = Requests.receivedAt, also: String = ""
    ) -> InboundRequest {
        let fields = signer.headers(id: "msg_1", at: at, body: Array(body.utf8))
        let headers = fields.map {
            (name: $0.name, value: $0.name == "webhook-signature" ? also + $0.value : $0.value)
        }
        return Requests.post(body, headers: headers, at: receivedAt)
    }

    @Test("what Standard Webhooks signs, it verifies")
    func roundTrip() throws {
        let scheme = try StandardWebhooks(secrets: [secret])
        try scheme.verify(signed("{}", by: scheme))
        #expect(throws: InboundRejection(.signature)) {
            try scheme.verify(signed("{}", by: try StandardWebhooks(secrets: [older])))
        }
    }

    @Test("either of two secrets verifies while they are being replaced, on either side")
    func rotation() throws {
        let both = try StandardWebhooks(secrets: [secret, older])
        try both.verify(signed("{}", by: try StandardWebhooks(secrets: [older])))
        // The sender signs twice; ours is the second of the list.
        let others = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= v1a,xyz junk "
        try both.verify(signed("{}", by: try StandardWebhooks(secrets: [secret]), also: others))
    }

    @Test("a wrong token is refused by the head alone, a signature waits for its body")
    func head() throws {
        let bearer = SignatureScheme.bearer(try BearerToken(tokens: [secret]))
        let good = Requests.post("", headers: [(name: "authorization", value: "Bearer \(secret.value)")])
        let bad = Requests.post("", headers: [(name: "authorization", value: "Bearer \(older.value)")])
        try bearer.admit(good)
        #expect(throws: InboundRejection(.signature)) { try bearer.admit(bad) }
        try SignatureScheme.standardWebhooks(try StandardWebhooks(secrets: [secret])).admit(bad)
    }

    @Test("five minutes either way are the limit", arguments: [(-300, false), (300, false), (-301, true), (301, true)])
    func tolerance(offset: Int64, isStale: Bool) throws {
        let scheme = try StandardWebhooks(secrets: [secret])
        let request = signed("{}", by: scheme, at: Requests.receivedAt.adding(seconds: offset))
        if isStale {
            #expect(throws: InboundRejection(.stale)) { try scheme.verify(request) }
        } else {
            try scheme.verify(request)
        }
    }

    @Test("a stale request with a wrong signature is told nothing of its time")
    func staleForgery() throws {
        let request = signed(
            "{}", by: try StandardWebhooks(secrets: [older]), at: Requests.receivedAt.adding(seconds: -9999))
        #expect(throws: InboundRejection(.signature)) { try StandardWebhooks(secrets: [secret]).verify(request) }
    }

    @Test(
        "a time that is no plain number of seconds is refused",
        arguments: ["", "+1700000000", "1700000000.0", "1e9", "９９９", "9999999999999999999999", " 1700000000"])
    func badTime(time: String) throws {
        let request = Requests.post(
            "{}", headers: [("webhook-id", "a"), ("webhook-timestamp", time), ("webhook-signature", "v1,AAAA")])
        #expect(throws: InboundRejection(.signature)) { try StandardWebhooks(secrets: [secret]).verify(request) }
    }

    @Test(
        "a bearer token",
        arguments: [
            ("Bearer t0ken", true), ("bearer  t0ken", true), ("Bearer T0ken", false), ("Bearer t0ke", false),
            ("Bearer t0kenn", false), ("t0ken", false), ("Basic t0ken", false), ("", false),
        ])
    func bearer(header: String, holds: Bool) throws {
        let scheme = SignatureScheme.bearer(try BearerToken(tokens: [Secret("other"), Secret("t0ken")]))
        let request = Requests.post("{}", headers: [("Authorization", header)])
        #expect(((try? scheme.verify(request)) != nil) == holds)
    }

    @Test("tokens and prefixes are compared by their bytes, not as texts")
    func bytes() throws {
        // As texts, the mark would belong to the blank.
        let bearer = try BearerToken(tokens: [Secret("\u{301}t0ken")])
        try bearer.verify(Requests.post("{}", headers: [("Authorization", "Bearer \u{301}t0ken")]))
        let code = "88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"
        let body = try BodySignature(header: "X-Sig", prefix: "\u{e9}=", secrets: [Secret("secret")])
        try body.verify(Requests.post("hello", headers: [("X-Sig", "\u{e9}=\(code)")]))
        #expect(throws: InboundRejection(.signature)) {
            try body.verify(Requests.post("hello", headers: [("X-Sig", "e\u{301}=\(code)")]))
        }
    }

    @Test(
        "a media type is ASCII, in lower case and without parameters",
        arguments: [
            ("application/json", "application/json"), (" Application/JSON ; charset=\u{e9}", "application/json"),
            ("application/json\u{301}", ""), ("", ""), (nil, ""),
        ] as [(String?, String)])
    func mediaType(written: String?, read: String) {
        #expect(InboundRequest.mediaType(ofContentType: written) == read)
    }

    @Test(
        "a body signature in hex or base64, and nothing else",
        arguments: [
            ("sha256=88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b", true),
            ("sha256=88AAB3EDE8D3ADF94D26AB90D3BAFD4A2083070C3BCCE9C014EE04A443847C0B", true),
            ("88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b", false),
            ("sha256=88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0", false),
            ("sha256=88aab3ede8d3adf94d26ab90d3bafd4a", false), ("sha256=", false), ("sha256=zz", false),
        ])
    func body(header: String, holds: Bool) throws {
        // The code is HMAC-SHA256 with the key `secret` over `hello`, made with another library.
        let scheme = try BodySignature(header: "X-Sig", prefix: "sha256=", secrets: [Secret("secret")])
        let request = Requests.post("hello", headers: [("x-sig", header)])
        #expect(((try? scheme.verify(request)) != nil) == holds)
    }

    @Test("the base64 form of the same")
    func base64() throws {
        let code = try #require(Hex.decode("88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"))
        let scheme = try BodySignature(header: "X-Sig", encoding: .base64, secrets: [Secret("old"), Secret("secret")])
        try scheme.verify(Requests.post("hello", headers: [("X-Sig", code.base64)]))
        #expect(throws: InboundRejection(.signature)) {
            try scheme.verify(Requests.post("hellp", headers: [("X-Sig", code.base64)]))
        }
    }

    @Test("a secret path opens for its token alone, and to nothing below it")
    func path() throws {
        let scheme = SignatureScheme.path(try PathToken(tokens: [Secret("0123456789abcdef")]))
        try scheme.verify(Requests.post("{}", path: "/0123456789abcdef"))
        try scheme.verify(Requests.post("{}", path: "/0123456789abcdef/"))
        #expect(throws: InboundRejection(.path)) {
            try scheme.verify(Requests.post("{}", path: "/0123456789abcdef/more"))
        }
        for path in ["", "/", "/0123456789abcde", "/0123456789abcdef0", "/0123456789ABCDEF", "0123456789abcdef"] {
            #expect(throws: InboundRejection(.signature)) { try scheme.verify(Requests.post("{}", path: path)) }
        }
    }

    @Test("unsigned takes everything at its own path and nothing below")
    func unsigned() throws {
        try SignatureScheme.unsigned.verify(Requests.post("{}"))
        #expect(throws: InboundRejection(.path)) {
            try SignatureScheme.unsigned.verify(Requests.post("{}", path: "/x"))
        }
    }

    @Test("settings that can't protect anything are refused")
    func settings() {
        #expect(throws: SignatureSettingError.self) { try StandardWebhooks(secrets: []) }
        #expect(throws: SignatureSettingError.self) { try StandardWebhooks(secrets: [Secret("whsec_%%%")]) }
        #expect(throws: SignatureSettingError.self) { try BodySignature(header: "", secrets: [Secret("s")]) }
        #expect(throws: SignatureSettingError.self) { try BodySignature(header: "x", secrets: [Secret("")]) }
        #expect(throws: SignatureSettingError.self) { try BearerToken(tokens: []) }
        #expect(throws: SignatureSettingError.self) { try PathToken(tokens: [Secret("short")]) }
        #expect(throws: SignatureSettingError.self) { try PathToken(tokens: [Secret("0123456789abcde/f")]) }
        #expect(throws: SignatureSettingError.self) { try TwilioSignature(tokens: [Secret("")]) }
    }

    @Test("a Twilio form that can't be decoded can't be checked")
    func twilioForm() throws {
        let scheme = try TwilioSignature(tokens: [Secret("12345")])
        let request = Requests.post(
            "a=%ZZ",
            headers: [("X-Twilio-Signature", "AAAA"), ("Content-Type", "application/x-www-form-urlencoded")])
        #expect(throws: InboundRejection(.signature)) { try scheme.verify(request) }
    }
}
