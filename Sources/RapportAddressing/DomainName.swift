import CIDN2
import RapportCore

/// The domain of a mailbox or the host of a URL, as it stands in DNS: lower case, every label in ASCII.
struct DomainName {
    let ascii: String

    /// Encodes by IDNA2008 with the mapping of UTS #46, non-transitional (`faß.de` stays another name than `fass.de`).
    ///
    /// A dot at the end, which only says that the name is complete, is left out.
    init(parsing text: String) throws(AddressError) {
        guard text.utf8.count <= Self.longestInput else { throw AddressError(.tooLong, "the domain is too long") }
        var encoded = try Self.encode(text)
        if encoded.hasSuffix(".") { encoded.removeLast() }
        guard encoded.utf8.count <= 253 else { throw AddressError(.tooLong, "the domain is too long") }
        let labels = encoded.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels { try Self.check(label) }
        guard let last = labels.last, !last.allSatisfy(Self.isDigit), !Self.isHexadecimalNumber(last) else {
            throw AddressError(.domain, "the domain ends in a number; an IP address is written in brackets")
        }
        ascii = encoded
    }

    /// Four bytes for each of the 253 characters that the longest name has.
    private static let longestInput = 1012

    private static func encode(_ text: String) throws(AddressError) -> String {
        let lowered = text.lowercased()
        // Names that are plain already must not pass through IDNA, which refuses some that DNS has (`r3---a`).
        if text.utf8.allSatisfy({ $0 < 0x80 }), !hasEncodedLabel(lowered) { return lowered }
        // The library reads up to the first zero byte; what follows one would go unseen.
        guard !text.utf8.contains(0) else { throw AddressError(.domain, "the domain has a character it can't have") }
        var output: UnsafeMutablePointer<CChar>?
        defer { idn2_free(output) }
        // IDN2_USE_STD3_ASCII_RULES would drop the characters it forbids instead of refusing them, and so make
        // another domain of the name (libidn2 2.3.3: `a_b.com` becomes `ab.com`). `check` holds those rules.
        let flags = Int32(bitPattern: IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        guard idn2_to_ascii_8z(text, &output, flags) == Int32(IDN2_OK.rawValue), let output else {
            throw AddressError(.domain, "the domain is not a valid internationalized name")
        }
        return String(cString: output).lowercased()
    }

    private static func hasEncodedLabel(_ name: String) -> Bool {
        // Nearly no name has two hyphens side by side.
        let bytes = name.utf8
        guard zip(bytes, bytes.dropFirst()).contains(where: { $0 == hyphen && $1 == hyphen }) else { return false }
        return bytes.split(separator: UInt8(ascii: ".")).contains { $0.starts(with: "xn--".utf8) }
    }

    private static let hyphen = UInt8(ascii: "-")

    /// The rules of STD 3 (RFC 1123, section 2.1): letters, digits and inner hyphens, 1 to 63 of them.
    private static func check(_ label: Substring.UTF8View) throws(AddressError) {
        guard !label.isEmpty else { throw AddressError(.domain, "the domain has an empty part") }
        guard label.count <= 63 else { throw AddressError(.tooLong, "a part of the domain is longer than 63") }
        guard label.allSatisfy({ isDigit($0) || isLowerCase($0) || $0 == hyphen }) else {
            throw AddressError(.domain, "the domain has a character it can't have")
        }
        guard label.first != hyphen, label.last != hyphen else {
            throw AddressError(.domain, "a part of the domain begins or ends with a hyphen")
        }
    }

    /// `0x7f` is a number to many a resolver, and so an IP address in disguise.
    private static func isHexadecimalNumber(_ label: Substring.UTF8View) -> Bool {
        label.starts(with: "0x".utf8) && label.dropFirst(2).allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLowerCase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
