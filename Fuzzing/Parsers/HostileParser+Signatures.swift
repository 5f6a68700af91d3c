import RapportChannels

extension HostileParser {
    static let signatures: [HostileParser] = [signature]

    /// Keys and schemes are the hub's own; nothing that can be made up must hold.
    private static let schemes: [SignatureScheme] = {
        let secret = Secret("a secret that nobody knows")
        let key = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        return [
            (try? StandardWebhooks(secrets: [key])).map(SignatureScheme.standardWebhooks),
            (try? BodySignature(header: "x-hub-signature-256", prefix: "sha256=", secrets: [secret]))
                .map(SignatureScheme.body),
            (try? BodySignature(header: "x-hmac", encoding: .base64, secrets: [secret])).map(SignatureScheme.body),
            (try? BearerToken(tokens: [secret])).map(SignatureScheme.bearer),
            (try? TwilioSignature(tokens: [secret])).map(SignatureScheme.twilio),
            (try? PathToken(tokens: [Secret("abcdefghijklmnopqrstuvwxyz")])).map(SignatureScheme.path),
        ].compactMap { $0 }
    }()

    private static let signature = HostileParser(
        "signature",
        samples: [
            "webhook-id: 1\nwebhook-timestamp: 1774700000\nwebhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1a,x\n\n{}",
            "x-hub-signature-256: sha256=00ff\nx-hmac: AAAA\nauthorization: Bearer x\n\nbody",
            "content-type: application/x-www-form-urlencoded\nx-twilio-signature: 0/KCTR6DLpKmkAf8muzZqo1nDgQ=\n\na=1&b=2",
            "x-twilio-signature: 0/KCTR6DLpKmkAf8muzZqo1nDgQ=\npath: /secret/mo\n\n",
        ],
        words: [
            "webhook-signature: ", "v1,", "v1a,", "whsec_", "webhook-timestamp: ", "x-hmac: ", "sha256=",
            "authorization: Bearer ", "bearer ", "x-twilio-signature: ", "bodySHA256=", "=", "path: /",
        ]
    ) { bytes throws(BrokenPromise) in
        let letter = Letter(bytes)
        let request = letter.request(path: letter.header("path"), query: letter.header("query"))
        for scheme in schemes where (try? scheme.verify(request)) != nil {
            throw BrokenPromise("a made-up signature holds")
        }
        let hex = String(decoding: bytes, as: UTF8.self)
        if let decoded = Hex.decode(hex), Hex.encode(decoded) != hex.lowercased() {
            throw BrokenPromise("hexadecimal digits do not come back")
        }
    }
}
