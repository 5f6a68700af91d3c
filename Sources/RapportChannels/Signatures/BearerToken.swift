/// A shared token in the `Authorization` header (RFC 6750, section 2.1).
package struct BearerToken: Sendable {
    private let tokens: [Secret]

    /// - Parameter tokens: several while they are being replaced.
    package init(tokens: [Secret]) throws(SignatureSettingError) {
        guard !tokens.isEmpty, tokens.allSatisfy({ !$0.value.isEmpty }) else {
            throw SignatureSettingError("expected at least one token")
        }
        self.tokens = tokens
    }

    /// - Throws: `signature`.
    package func verify(_ request: InboundRequest) throws(InboundRejection) {
        guard let value = request.header("authorization"), value.lowercased().hasPrefix("bearer ") else {
            throw InboundRejection(.signature)
        }
        let offered = String(value.dropFirst(7).drop { $0 == " " })
        guard tokens.contains(where: { ConstantTime.equal($0.value, offered) }) else {
            throw InboundRejection(.signature)
        }
    }
}
