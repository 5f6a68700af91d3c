/// A secret as the first segment of the path below the adapter, for gateways that can sign nothing.
///
/// It stands in the access logs of whatever lies between, so it is the last resort; TLS and one secret for each
/// gateway are taken for granted.
package struct PathToken: Sendable {
    private let tokens: [Secret]

    /// - Parameter tokens: letters, digits, `-`, `_`; the first one goes into the URLs that we hand out.
    package init(tokens: [Secret]) throws(SignatureSettingError) {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
        guard !tokens.isEmpty, tokens.allSatisfy({ $0.bytes.count >= 16 && $0.bytes.allSatisfy(allowed.contains) })
        else {
            throw SignatureSettingError("expected at least one token of 16 or more letters, digits, - or _")
        }
        self.tokens = tokens
    }

    /// The segment to put into a URL.
    package var segment: Secret { tokens[0] }

    /// What follows the secret, with its leading slash; empty when nothing does.
    /// - Throws: `signature`.
    package func verify(_ request: InboundRequest) throws(InboundRejection) -> String {
        let path = request.path.utf8
        guard path.first == UInt8(ascii: "/") else { throw InboundRejection(.signature) }
        let rest = path.dropFirst()
        let segment = rest.prefix { $0 != UInt8(ascii: "/") }
        guard tokens.contains(where: { ConstantTime.equal($0.value.utf8, segment) }) else {
            throw InboundRejection(.signature)
        }
        return String(Substring(rest[segment.endIndex...]))
    }
}
