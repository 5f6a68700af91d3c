import RapportCore

/// A mailbox as SMTP knows it (RFC 5321, section 4.1.2, with the characters of RFC 6531): no display name, no comments.
struct Mailbox {
    /// As written, in its canonical spelling; the local part keeps its case.
    let deliverable: String
    /// To compare by: the local part case-folded too. Dots and `+tags` stay: only the domain's owner knows what they mean.
    let comparable: String

    init(parsing text: String) throws(AddressError) {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else {
            throw AddressError(.malformed, "the mailbox has no @")
        }
        let local = try LocalPart(parsing: String(text[..<at]))
        let domain = try Self.domain(text[text.utf8.index(after: at)...])
        deliverable = local.text + "@" + domain
        comparable = local.folded + "@" + domain
        // RFC 5321, section 4.5.3.1: a path of 256 octets has two angle brackets.
        guard max(deliverable.utf8.count, comparable.utf8.count) <= 254 else {
            throw AddressError(.tooLong, "the mailbox is longer than 254")
        }
    }

    /// The URIs to compare by and to send to.
    var forms: (uri: String, deliverable: String) { ("mailto:\(comparable)", "mailto:\(deliverable)") }

    private static func domain(_ text: Substring) throws(AddressError) -> String {
        guard text.hasPrefix("[") else { return try DomainName(parsing: String(text)).ascii }
        guard text.hasSuffix("]") else { throw AddressError(.domain, "the address literal has no closing bracket") }
        let inside = text.dropFirst().dropLast()
        if let address = IPLiteral(version4: inside) { return "[\(address.text)]" }
        let tag = "ipv6:"
        if inside.lowercased().hasPrefix(tag), let address = IPLiteral(version6: inside.dropFirst(tag.count)) {
            return "[IPv6:\(address.text)]"
        }
        throw AddressError(.domain, "the address literal holds no IP address")
    }
}
