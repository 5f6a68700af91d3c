import Crypto
package import RapportCore

/// Names dispatches and customers to the outside so that nobody else can make up such a name.
///
/// A token is the id and the first 80 bits of an HMAC-SHA256 over its purpose and the id (RFC 2104, section 5 allows
/// the truncation), in lower-case base 32, because mailbox names lose their case on the way.
package struct DispatchTokens: Sendable {
    /// Keyed, and told the purpose, once: each token goes on from a copy.
    private let delivery: HMAC<SHA256>
    private let returnPath: HMAC<SHA256>
    private let preferences: HMAC<SHA256>
    private let page: HMAC<SHA256>

    /// - Parameter secret: the hub's own; a new one makes all tokens that are out void.
    package init(secret: Secret) {
        let keyed = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        func started(_ purpose: String) -> HMAC<SHA256> {
            var code = keyed
            code.update(data: Array("\(purpose):".utf8))
            return code
        }
        delivery = started(Purpose.delivery.rawValue)
        returnPath = started(Purpose.returnPath.rawValue)
        preferences = started(Purpose.preferences.rawValue)
        page = started("page")
    }

    /// What a token may be used for; one purpose's token is worthless for another.
    package enum Purpose: String, Sendable {
        /// In the Message-ID, which everybody sees who gets an answer, and the receipt's URL.
        case delivery
        /// In a mail's return path, which its recipient's server sees and nobody else.
        case returnPath = "return-path"
        /// In the address that mails unsubscribe at, and in preference links that name a customer and no message.
        case preferences
    }

    /// `d42-k3jq0v5m2x7a9bcd`
    package func token<Kind>(for id: EntityID<Kind>, purpose: Purpose) -> String {
        token(for: id.description, purpose: purpose)
    }

    /// The id, when the token is one of ours for this purpose. Case does not matter.
    package func verify<Kind>(_ token: String, as kind: Kind.Type, purpose: Purpose) -> EntityID<Kind>? {
        let token = token.lowercased()
        guard let id = EntityID<Kind>(String(token.prefix { $0 != "-" })),
            ConstantTime.equal(token, self.token(for: id, purpose: purpose))
        else { return nil }
        return id
    }

    /// Of one of the ways that a message may take to several addresses (`d42.1-…`), so that what comes back tells which of
    /// them it is about.
    ///
    /// - Parameter route: its place among the message's routes; `nil`: there is only one, and the token does not name it.
    package func token(for dispatch: DispatchID, route: Int?, purpose: Purpose) -> String {
        token(for: route.map { "\(dispatch).\($0)" } ?? dispatch.description, purpose: purpose)
    }

    /// The message, and the route where the token names one, when it is one of ours for this purpose. Case does not matter.
    package func verifyRoute(_ token: String, purpose: Purpose) -> (dispatch: DispatchID, route: Int?)? {
        let token = token.lowercased()
        let parts = token.prefix { $0 != "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let route = parts.count > 1 ? Int(parts[1]) : nil
        guard let dispatch = DispatchID(String(parts[0])),
            ConstantTime.equal(token, self.token(for: dispatch, route: route, purpose: purpose))
        else { return nil }
        return (dispatch, route)
    }

    /// Of the preference link in the message that goes to this address: whoever knows it could read what was sent there.
    ///
    /// A message that takes another route has another link, so that the holder of the first address has not the second's.
    package func linkToken(for dispatch: DispatchID, at address: Address) -> String {
        token(for: dispatch.description, behind: " \(address.uri)", code: page)
    }

    /// Which message a link's token claims to be from; what it claims is to be verified with that message's address.
    package static func claimedDispatch(ofLink token: String) -> DispatchID? {
        DispatchID(String(token.lowercased().prefix { $0 != "-" }))
    }

    /// Whether the token is that of the link in the message to this address. Case does not matter.
    package func verify(link token: String, of dispatch: DispatchID, at address: Address) -> Bool {
        ConstantTime.equal(token.lowercased(), linkToken(for: dispatch, at: address))
    }

    private func token(for id: String, purpose: Purpose) -> String {
        let code =
            switch purpose {
            case .delivery: delivery
            case .returnPath: returnPath
            case .preferences: preferences
            }
        return token(for: id, code: code)
    }

    /// - Parameter behind: what the code covers besides the id and the token does not show.
    private func token(for id: String, behind: String = "", code: HMAC<SHA256>) -> String {
        var code = code
        var covered = id + behind
        covered.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
        let length = id.utf8.count + 1
        return String(unsafeUninitializedCapacity: length + Base32.length) { text in
            _ = text.initialize(fromContentsOf: id.utf8)
            text.initializeElement(at: length - 1, to: UInt8(ascii: "-"))
            code.finalize().withUnsafeBytes { Base32.encode($0, to: text[length...]) }
            return length + Base32.length
        }
    }
}

/// Crockford's alphabet in lower case: no letters that are taken for others, and no padding.
private enum Base32 {
    private static let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

    /// What the first 80 bits come to.
    static let length = 16

    /// Writes the first 80 bits of `bytes`, five to a letter.
    static func encode(_ bytes: UnsafeRawBufferPointer, to text: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        var buffer = 0
        var bits = 0
        var next = text.startIndex
        for byte in bytes.prefix(length * 5 / 8) {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.base.initializeElement(at: next, to: alphabet.utf8Start[buffer >> bits & 31])
                next += 1
            }
        }
    }
}
