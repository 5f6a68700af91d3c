/// An address as somebody wrote it, before normalization.
package struct RawAddress: Hashable, Sendable, Codable {
    package var scheme: Address.Scheme
    /// Without a scheme in front: `Ana@Example.COM`, `0138 0013 8000`, `crm/12345`.
    package var text: String

    package init(_ scheme: Address.Scheme, _ text: String) {
        self.scheme = scheme
        self.text = text
    }

    /// Splits `tel:0138…`; text without one of our schemes is guessed: with an `@` it is a mailbox, otherwise a number.
    package init(guessing text: String) {
        if let colon = text.firstIndex(of: ":"),
            let scheme = Address.Scheme(rawValue: text[..<colon].lowercased())
        {
            self.init(scheme, scheme == .https ? text : String(text[text.index(after: colon)...]))
        } else {
            self.init(text.contains("@") ? .mailto : .tel, text)
        }
    }
}

/// Turns what people and providers write into addresses. Implemented by `RapportAddressing`.
package protocol AddressNormalizing: Sendable {
    /// - Parameter region: the ISO 3166 region whose numbering plan reads numbers without a country code.
    /// - Throws: `AddressError` with a reason safe to show and to log.
    func normalize(_ raw: RawAddress, region: String) throws(AddressError) -> Address
}

/// Why an address can't be normalized. `reason` never holds the address itself.
package struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable { case empty, malformed, domain, number, tooLong }
    package var code: Code
    package var reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }
}
