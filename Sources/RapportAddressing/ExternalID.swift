import RapportCore

/// A name that another system gave the customer: `crm/12345`.
struct ExternalID {
    /// Lower case, `[a-z0-9._-]`, at most 64.
    let system: String
    /// Percent-encoded as the path of a URI is (RFC 3986, section 3.3), at most 512; its case is kept.
    let name: String

    init(parsing text: String) throws(AddressError) {
        guard text.utf8.count <= 2048 else { throw AddressError(.tooLong, "the id is too long") }
        guard let slash = text.firstIndex(of: "/") else {
            throw AddressError(.malformed, "an id is written SYSTEM/NAME")
        }
        system = try Self.system(WrittenText.trimmed(String(text[..<slash])))
        name = try Self.name(WrittenText.trimmed(String(text[text.index(after: slash)...])))
    }

    private static func system(_ text: String) throws(AddressError) -> String {
        guard !text.isEmpty else { throw AddressError(.malformed, "the id has no system before the slash") }
        guard text.utf8.count <= 64 else { throw AddressError(.tooLong, "the id's system is longer than 64") }
        let lowered = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard lowered.allSatisfy({ PercentEncoding.isLetterOrDigit($0) || "._-".utf8.contains($0) }) else {
            throw AddressError(.malformed, "the id's system has a character other than letters, digits and . _ -")
        }
        let system = String(decoding: lowered, as: UTF8.self)
        // Whoever had such an id would be taken for somebody who was erased, and could take up what is kept of them.
        guard system != Address.erasedSystem else {
            throw AddressError(.malformed, "ids of the system ‘\(system)’ are the hub's own")
        }
        return system
    }

    private static func name(_ text: String) throws(AddressError) -> String {
        guard !text.isEmpty else { throw AddressError(.malformed, "the id has no name after the slash") }
        // What is encoded already stays the same name, so that an address read again is the same address.
        guard let decoded = PercentEncoding.decoded(text) else {
            throw AddressError(.malformed, "the id's name is not UTF-8")
        }
        guard decoded.unicodeScalars.allSatisfy({ $0 == " " || ($0.isASCII ? $0.value >= 0x20 : isName($0)) }),
            !decoded.unicodeScalars.contains("\u{7F}")
        else { throw AddressError(.malformed, "the id's name has a character it can't have") }
        let composed = WrittenText.composed(decoded)
        let encoded = PercentEncoding.encoded(composed, keeping: "-._~!$&'()*+,;=:@/".utf8)
        guard encoded.utf8.count <= 512 else { throw AddressError(.tooLong, "the id's name is longer than 512") }
        return encoded
    }

    /// Other systems put spaces of many kinds into their names; they are harmless once encoded.
    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        WrittenText.isNamePart(scalar) || scalar.properties.generalCategory == .spaceSeparator
    }
}
