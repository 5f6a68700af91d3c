package import RapportChannels

/// Who we are to a server (RFC 4954).
package struct SMTPCredentials: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// By PLAIN, or by LOGIN where a server knows nothing else.
        case password
        /// An OAuth 2 access token, by XOAUTH2.
        case accessToken
    }

    package var kind: Kind
    package var user: String
    package var secret: Secret

    package init(kind: Kind = .password, user: String, secret: Secret) {
        self.kind = kind
        self.user = user
        self.secret = secret
    }

    enum Mechanism: String, Hashable, Sendable {
        case plain = "PLAIN"
        case login = "LOGIN"
        case xoauth2 = "XOAUTH2"
    }

    /// The best mechanism that the server offers and that these credentials fit.
    func mechanism(offered: Set<String>) -> Mechanism? {
        let fitting: [Mechanism] =
            switch kind {
            case .password: [.plain, .login]
            case .accessToken: [.xoauth2]
            }
        return fitting.first { offered.contains($0.rawValue) }
    }

    /// What goes out with the command, and what answers the server's challenges after that, one by one.
    func dialogue(by mechanism: Mechanism) -> (initial: [UInt8]?, answers: [[UInt8]]) {
        let user = Array(self.user.utf8)
        switch mechanism {
        case .plain: return (Base64.encode([0] + user + [0] + secret.bytes), [])
        case .login: return (nil, [Base64.encode(user), Base64.encode(secret.bytes)])
        case .xoauth2:
            let text = Array("user=".utf8) + user + Array("\u{1}auth=Bearer ".utf8) + secret.bytes + [1, 1]
            // A refusal comes as a challenge that an empty line has to answer before the reply itself.
            return (Base64.encode(text), [[]])
        }
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for byte in group { bits = bits << 8 | Int(byte) }
            bits <<= (3 - group.count) * 8
            for place in 0...3 {
                text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return text
    }
}
