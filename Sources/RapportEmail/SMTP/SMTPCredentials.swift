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
        case .plain: return (Self.base64([0] + user + [0] + secret.bytes), [])
        case .login: return (nil, [Self.base64(user), Self.base64(secret.bytes)])
        case .xoauth2:
            let text = Array("user=".utf8) + user + Array("\u{1}auth=Bearer ".utf8) + secret.bytes + [1, 1]
            // A refusal comes as a challenge that an empty line has to answer before the reply itself.
            return (Self.base64(text), [[]])
        }
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.base64.utf8) }
}
