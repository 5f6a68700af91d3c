import Foundation

/// A text as keywords are compared: without case, width and accents; the words that are left, and the words joined.
///
/// `Ｓ.Ｔ.Ｏ.Ｐ !` and `stop` are the same keyword, `arrêt` is `arret`. Apostrophes fall out of their words
/// (`don't` is `dont`); other punctuation, symbols and spaces part words.
package struct FoldedText: Hashable, Sendable {
    package private(set) var words: [String]

    /// Longer texts are cut: no keyword and no short plea stands behind so much. Counted in scalars, because one
    /// character may hold any number of accents.
    package static let limit = 2000

    package init(_ text: String) {
        words = Self.plainWords(text) ?? Self.words(text)
        // What answers ‘Move me’ is called ‘Re: move me’, and does not say ‘remove me’.
        if words.first == "re", text.drop(while: \.isWhitespace).dropFirst(2).first == ":" { words[0] = "re:" }
    }

    /// Of a text in ASCII; `nil` when it has anything else.
    private static func plainWords(_ text: String) -> [String]? {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in text.utf8.prefix(limit) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            case UInt8(ascii: "'"), UInt8(ascii: "`"): continue
            case 0x80...: return nil
            default:
                guard !word.isEmpty else { continue }
                words.append(String(decoding: word, as: UTF8.self))
                word = []
            }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        let folded = String(text.unicodeScalars.prefix(Self.limit)).decomposedStringWithCompatibilityMapping
            .lowercased()
        for scalar in folded.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber, .uppercaseLetter, .titlecaseLetter,
                .spacingMark:
                word.append(scalar)
            case .nonspacingMark, .format:
                // Accents on Latin letters go; marks that spell other scripts stay.
                if !(0x300...0x36F).contains(scalar.value), scalar.properties.generalCategory == .nonspacingMark {
                    word.append(scalar)
                }
            default:
                guard !Self.apostrophes.contains(scalar), !word.isEmpty else { continue }
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    private static let apostrophes: Set<Unicode.Scalar> = ["'", "\u{2019}", "\u{2018}", "`", "\u{B4}"]

    /// All words without anything between them: what a keyword is compared with.
    package var joined: String { words.joined() }

    /// The positions at which these words stand one after the other.
    package func positions(of phrase: [String]) -> [Int] {
        guard !phrase.isEmpty, phrase.count <= words.count else { return [] }
        return (0...(words.count - phrase.count)).filter { words[$0...].starts(with: phrase) }
    }
}
