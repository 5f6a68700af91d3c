import RapportCore

/// What stands before the `@`.
struct LocalPart {
    /// In NFC, quoted only when it has to be.
    let text: String
    let folded: String

    init(parsing written: String) throws(AddressError) {
        guard !written.isEmpty else { throw AddressError(.malformed, "the mailbox has nothing before the @") }
        let content = written.hasPrefix("\"") ? try Self.unquote(written) : written
        guard content.unicodeScalars.allSatisfy({ $0.isASCII || WrittenText.isNamePart($0) }) else {
            throw AddressError(.malformed, "the local part has a character it can't have")
        }
        let composed = WrittenText.composed(content)
        guard Self.standsAlone(composed) else {
            throw AddressError(.malformed, "the local part begins or ends with a character it can't")
        }
        if !written.hasPrefix("\"") { try Self.checkDots(composed) }
        text = Self.quoteIfNeeded(composed)
        folded = Self.quoteIfNeeded(Self.fold(composed))
        // RFC 5321, section 4.5.3.1.1.
        guard max(text.utf8.count, folded.utf8.count) <= 64 else {
            throw AddressError(.tooLong, "the local part is longer than 64")
        }
    }

    /// Lower case, with the one Greek letter that has two lower-case forms made one, so that both spellings meet.
    private static func fold(_ text: String) -> String {
        WrittenText.composed(
            String(String.UnicodeScalarView(text.lowercased().unicodeScalars.map { $0 == "\u{3C2}" ? "\u{3C3}" : $0 })))
    }

    /// Whether it neither begins nor ends with what would join a quote beside it: a mark, a joiner. Such a one could not be
    /// read back, because the quote would not be found.
    private static func standsAlone(_ content: String) -> Bool {
        let quoted = "\"\(content)\""
        return quoted.first == "\"" && quoted.last == "\""
    }

    /// Byte by byte, as `quoteIfNeeded` does: a mark behind a dot joins it, and the dot would not be found.
    private static func checkDots(_ text: String) throws(AddressError) {
        for atom in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !atom.isEmpty else {
                throw AddressError(.malformed, "the local part has a dot too many; such a one must be quoted")
            }
            guard atom.allSatisfy(isAtomText) else {
                throw AddressError(.malformed, "the local part has a character that must be quoted")
            }
        }
    }

    /// The content of a quoted string (RFC 5321, `Quoted-string`): `"a\"b"` is `a"b`.
    private static func unquote(_ written: String) throws(AddressError) -> String {
        guard written.utf8.count >= 2, written.hasSuffix("\"") else {
            throw AddressError(.malformed, "the quoted local part does not end")
        }
        var content = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in written.unicodeScalars.dropFirst().dropLast() {
            guard !scalar.isASCII || (0x20...0x7E).contains(scalar.value) else {
                throw AddressError(.malformed, "the local part has a character it can't have")
            }
            if !isEscaped, scalar == "\\" {
                isEscaped = true
                continue
            }
            guard isEscaped || scalar != "\"" else {
                throw AddressError(.malformed, "the quoted local part ends too early")
            }
            content.append(scalar)
            isEscaped = false
        }
        guard !isEscaped else { throw AddressError(.malformed, "the quoted local part does not end") }
        guard !content.isEmpty else { throw AddressError(.malformed, "the mailbox has nothing before the @") }
        return String(content)
    }

    /// `"ana"` and `ana` are the same mailbox (RFC 5321, section 4.1.2), so only one spelling is kept.
    private static func quoteIfNeeded(_ content: String) -> String {
        let atoms = content.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAtomText) }) { return content }
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in content.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.append(scalar)
        }
        return String(quoted) + "\""
    }

    private static let punctuation = Array("!#$%&'*+-/=?^_`{|}~".utf8)

    /// `atext` of RFC 5322, section 3.2.3, and everything outside ASCII (RFC 6532, section 3.2).
    static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        default: punctuation.contains(byte)
        }
    }
}
