import Crypto
import Foundation

/// `X-Twilio-Signature` (twilio.com/docs/usage/security): base64 of an HMAC-SHA1 over the URL that Twilio called and
/// the form's fields, sorted by name, each distinct value once.
///
/// Twilio may or may not have put the port into the URL that it signed, so the URL is tried with the scheme's own
/// port, without any, and as it is. A JSON body is covered by its SHA-256 in the query (`bodySHA256`).
package struct TwilioSignature: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameter tokens: the account's auth tokens; the primary and the secondary while they are being replaced.
    package init(tokens: [Secret]) throws(SignatureSettingError) {
        guard !tokens.isEmpty, tokens.allSatisfy({ !$0.value.isEmpty }) else {
            throw SignatureSettingError("expected at least one auth token")
        }
        keys = tokens.map { SymmetricKey(data: $0.bytes) }
    }

    /// - Throws: `signature`; also for a form that can't be read, because its signature can't be checked then.
    package func verify(_ request: InboundRequest) throws(InboundRejection) {
        guard let header = request.header("x-twilio-signature"), let code = Data(base64Encoded: header),
            let fields = try? signedFields(of: request)
        else { throw InboundRejection(.signature) }
        let holds = Self.variants(of: request.publicURL).contains { url in
            let content = Array(url.utf8) + fields
            return keys.contains {
                HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: content, using: $0)
            }
        }
        guard holds else { throw InboundRejection(.signature) }
    }

    /// The header's value for a form that is posted to a URL: what Twilio would send, for sandboxes and tests.
    /// - Throws: `malformed` when the form can't be decoded.
    package func sign(url: String, form: [UInt8]) throws(InboundRejection) -> String {
        let content = Array(url.utf8) + Self.content(of: try FormFields(form, place: "form"))
        return Data(HMAC<Insecure.SHA1>.authenticationCode(for: content, using: keys[0])).base64EncodedString()
    }

    private func signedFields(of request: InboundRequest) throws(InboundRejection) -> [UInt8] {
        if request.mediaType == "application/x-www-form-urlencoded" {
            return Self.content(of: try FormFields(request.body, place: "form"))
        }
        let query = request.publicURL.drop { $0 != "?" }.dropFirst()
        let digest = try FormFields(query: String(query.prefix { $0 != "#" })).text("bodySHA256")
        if digest != nil || !request.body.isEmpty {
            let actual = Hex.encode(SHA256.hash(data: request.body))
            guard let digest, ConstantTime.equal(digest.lowercased(), actual) else {
                throw InboundRejection(.signature)
            }
        }
        return []
    }

    private static func content(of form: FormFields) -> [UInt8] {
        let distinct = Dictionary(grouping: form.fields, by: \.name).mapValues { Set($0.map(\.value)) }
        return distinct.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { name, values in
            values.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { Array(name.utf8) + $0 }
        }
    }

    /// The URL as it is, without its port, and with the port that its scheme stands for.
    static func variants(of url: String) -> [String] {
        guard let schemeEnd = url.range(of: "://") else { return [url] }
        let scheme = url[..<schemeEnd.lowerBound].lowercased()
        let rest = url[schemeEnd.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest[authority.endIndex...]
        let prefix = url[..<schemeEnd.upperBound]
        let portStart = authority.lastIndex(of: ":").flatMap { colon in
            authority[authority.index(after: colon)...].allSatisfy(\.isNumber) ? colon : nil
        }
        let host = portStart.map { authority[..<$0] } ?? authority
        let port = scheme == "https" ? "443" : "80"
        return [url, "\(prefix)\(host)\(tail)", "\(prefix)\(host):\(port)\(tail)"]
    }
}
