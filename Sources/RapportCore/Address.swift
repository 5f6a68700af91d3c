/// How a customer is reached or recognised, as a URI: `mailto:ana@example.com`, `tel:+8613800138000`, `id:crm/12345`.
///
/// An `Address` is always normalized; `RapportAddressing` makes them from what people and providers write. Two
/// addresses are the same when their `uri` is: e-mail addresses are compared without regard to case.
package struct Address: Sendable {
    package enum Scheme: String, Sendable, Codable, CaseIterable {
        /// RFC 6068; the domain is lower-case and IDNA-encoded.
        case mailto
        /// RFC 3966; always a global number in E.164.
        case tel
        /// A name another system gave the customer: `id:SYSTEM/NAME`.
        case id
        /// A web hook of the customer's own.
        case https
    }

    package let scheme: Scheme
    /// The form to compare and to look up by.
    package let uri: String
    /// The form to send to: as `uri`, but an e-mail's local part keeps its case (RFC 5321, section 2.4).
    package let deliverableURI: String

    /// Takes a URI that is normalized already, such as one read back from the store.
    ///
    /// `nil` when the scheme is not one of ours or nothing follows it.
    package init?(normalized uri: String, deliverable: String? = nil) {
        let bytes = uri.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), let scheme = Scheme(rawValue: String(uri[..<colon]))
        else { return nil }
        let rest = bytes.index(after: colon)
        // With a mark on it, which is never ASCII, it is no colon to whoever reads the URI.
        guard rest < bytes.endIndex, bytes[rest] < 0x80 || uri.index(after: colon) == rest else { return nil }
        self.scheme = scheme
        self.uri = uri
        self.deliverableURI = deliverable ?? uri
    }

    /// What stands behind the scheme of `uri`: the mailbox, the number, the name.
    package var value: String {
        String(uri.dropFirst(scheme.rawValue.count + 1))
    }

    /// What stands behind the scheme of `deliverableURI`.
    package var deliverable: String {
        String(deliverableURI.dropFirst(scheme.rawValue.count + 1))
    }

    /// The system of the ids that stand in for erased customers' addresses: the hub's own, and never told to it.
    package static let erasedSystem = "erased"

    /// The domain of a mailbox; `nil` for other schemes.
    package var domain: String? {
        guard scheme == .mailto, let at = uri.lastIndex(of: "@") else { return nil }
        return String(uri[uri.index(after: at)...])
    }
}

extension Address: Hashable, Comparable {
    package static func == (lhs: Address, rhs: Address) -> Bool { lhs.uri == rhs.uri }
    package static func < (lhs: Address, rhs: Address) -> Bool { lhs.uri < rhs.uri }
    package func hash(into hasher: inout Hasher) { hasher.combine(uri) }
}

extension Address: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        let parts = text.split(separator: "\n", maxSplits: 1)
        guard let first = parts.first,
            let address = Address(normalized: String(first), deliverable: parts.count == 2 ? String(parts[1]) : nil)
        else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected an address URI")
        }
        self = address
    }

    /// One string; the form to send to follows after a line feed when it differs.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uri == deliverableURI ? uri : uri + "\n" + deliverableURI)
    }
}
