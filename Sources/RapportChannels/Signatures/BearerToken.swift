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
        guard let value = request.header("authorization"), let offered = Self.offered(in: value),
            tokens.contains(where: { ConstantTime.equal($0.value, offered) })
        else { throw InboundRejection(.signature) }
    }

    /// The token that the field's value offers; `nil` when it is of another scheme.
    ///
    /// It goes by bytes, because a stranger wrote them, and comparing texts can take the square of their length.
    package static func offered(in value: String) -> String? {
        let scheme = "bearer ".utf8
        guard value.utf8.prefix(scheme.count).lazy.map(\.lowercasedASCII).elementsEqual(scheme) else { return nil }
        return String(Substring(value.utf8.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }))
    }
}
