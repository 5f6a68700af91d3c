import Foundation

/// What copying and pasting leaves around an address, and what must not be inside one.
enum WrittenText {
    /// Without white space and invisible marks at its ends: text copied from a page or a chat often carries some.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isPadding($0) }),
            let last = scalars.lastIndex(where: { !isPadding($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// In NFC, by which equal texts have equal bytes.
    ///
    /// Foundation makes it of a text the second time where a vowel such as U+0F73 comes before an accent: only what it is
    /// made of has a place in the order of marks.
    static func composed(_ text: String) -> String {
        var text = text
        for _ in 0..<4 {
            let composed = text.precomposedStringWithCanonicalMapping
            if composed.utf8.elementsEqual(text.utf8) { break }
            text = composed
        }
        return text
    }

    /// Whether a scalar outside ASCII may be part of a name: it can be seen, has a meaning, and is not there to
    /// deceive (direction marks). Joiners are part of the spelling in Persian and Indic scripts.
    static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value == 0x200C || scalar.value == 0x200D { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: return false
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    private static func isPadding(_ scalar: Unicode.Scalar) -> Bool {
        if (0x21...0x7E).contains(scalar.value) { return false }
        return scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x2060
            || (0x200B...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }
}
