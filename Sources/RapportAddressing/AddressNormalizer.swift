package import RapportCore

/// Makes addresses from what people and providers write, one reader per scheme.
///
/// What comes out is stable: normalizing the text of an address again gives the same address.
package struct AddressNormalizer: AddressNormalizing {
    /// Bytes of an address as written, with whatever stands around it.
    private static let maximumLength = 4096

    package init() {}

    /// - Parameter region: only read for numbers; an unknown or empty region reads international numbers only.
    package func normalize(_ raw: RawAddress, region: String) throws(AddressError) -> Address {
        // Before anything looks at it: to normalize a text takes the square of the marks in it.
        guard raw.text.utf8.count <= Self.maximumLength else { throw AddressError(.tooLong, "the address is too long") }
        let text = WrittenText.trimmed(raw.text)
        guard !text.isEmpty else { throw AddressError(.empty, "the address is empty") }
        let forms: (uri: String, deliverable: String)
        switch raw.scheme {
        case .mailto:
            forms =
                if let plain = PlainMailbox.forms(of: text) { plain } else { try Mailbox(parsing: text).forms }
        case .tel:
            let number = try PhoneNumber(parsing: text, region: region)
            forms = ("tel:\(number.e164)", "tel:\(number.e164)")
        case .id:
            let id = try ExternalID(parsing: text)
            forms = ("id:\(id.system)/\(id.name)", "id:\(id.system)/\(id.name)")
        case .https:
            let url = try WebAddress(parsing: text)
            forms = (url.text, url.text)
        }
        guard let address = Address(normalized: forms.uri, deliverable: forms.deliverable) else {
            throw AddressError(.malformed, "the address is not one that can be used")
        }
        return address
    }
}
