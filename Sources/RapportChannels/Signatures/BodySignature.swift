import Crypto
import Foundation

/// An HMAC-SHA256 over the body in one header, as GitHub (`X-Hub-Signature-256: sha256=…`), Shopify and many others
/// send it. There is no time in it, so a repeated request is found by its event's id only.
package struct BodySignature: Sendable {
    package enum Encoding: String, Sendable, CaseIterable { case hex, base64 }

    private let header: String
    private let prefix: String
    private let encoding: Encoding
    private let keys: [SymmetricKey]

    /// - Parameters:
    ///   - header: in any case.
    ///   - prefix: what stands before the code, such as `sha256=`.
    ///   - secrets: used as they are; several while they are being replaced.
    package init(
        header: String, prefix: String = "", encoding: Encoding = .hex, secrets: [Secret]
    ) throws(SignatureSettingError) {
        guard !header.isEmpty else { throw SignatureSettingError("expected the name of a header") }
        guard !secrets.isEmpty, secrets.allSatisfy({ !$0.value.isEmpty }) else {
            throw SignatureSettingError("expected at least one secret")
        }
        self.header = header.lowercased()
        self.prefix = prefix
        self.encoding = encoding
        keys = secrets.map { SymmetricKey(data: $0.bytes) }
    }

    /// - Throws: `signature`.
    package func verify(_ request: InboundRequest) throws(InboundRejection) {
        // By bytes, because a stranger wrote them, and comparing texts can take the square of their length.
        guard let value = request.header(header)?.utf8, value.starts(with: prefix.utf8),
            let code = decode(String(Substring(value.dropFirst(prefix.utf8.count)))),
            keys.contains(where: {
                HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: request.body, using: $0)
            })
        else { throw InboundRejection(.signature) }
    }

    private func decode(_ text: String) -> Data? {
        switch encoding {
        case .base64: Data(base64Encoded: text)
        case .hex: Hex.decode(text).map { Data($0) }
        }
    }
}
