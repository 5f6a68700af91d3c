import Crypto
package import RapportCore

/// Names dispatches and customers to the outside so that nobody else can make up such a name.
///
/// A token is the id and the first 80 bits of an HMAC-SHA256 over its purpose and the id (RFC 2104, section 5 allows
/// the truncation), in lower-case base 32, because mailbox names lose their case on the way.
package struct DispatchTokens: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: the hub's own; a new one makes all tokens that are out void.
    package init(secret: Secret) {
        key = SymmetricKey(data: secret.bytes)
    }

    /// What a token may be used for; one purpose's token is worthless for another.
    package enum Purpose: String, Sendable {
        /// In the return path, the Message-ID and the receipt's URL.
        case delivery
        /// In the unsubscribe and preference link.
        case preferences
    }

    /// `d42-k3jq0v5m2x7a9bcd`
    package func token<Kind>(for id: EntityID<Kind>, purpose: Purpose) -> String {
        "\(id)-\(mac(of: id.description, purpose: purpose))"
    }

    /// The id, when the token is one of ours for this purpose. Case does not matter.
    package func verify<Kind>(_ token: String, as kind: Kind.Type, purpose: Purpose) -> EntityID<Kind>? {
        let parts = token.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = EntityID<Kind>(String(parts[0])), id.description == parts[0],
            ConstantTime.equal(String(parts[1]), mac(of: id.description, purpose: purpose))
        else { return nil }
        return id
    }

    private func mac(of id: String, purpose: Purpose) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(purpose.rawValue):\(id)".utf8), using: key)
        return Base32.encode(Array(code).prefix(10))
    }
}

/// Crockford's alphabet in lower case: no letters that are taken for others, and no padding.
private enum Base32 {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }
}
