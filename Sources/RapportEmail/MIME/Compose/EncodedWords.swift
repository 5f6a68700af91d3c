import CGMime

/// Header text outside ASCII as encoded words (RFC 2047): UTF-8 in base 64, none longer than 75 characters.
///
/// GMime's own `g_mime_utils_header_encode_text` lets words grow past the limit of section 2, so that only its
/// encoder is used.
enum EncodedWords {
    /// 39 bytes are 52 characters of base 64; with `=?UTF-8?B?`, `?=` and the name of the field before it a word still
    /// fits in a line of 76 characters, the most that a line with encoded words may have.
    private static let bytesPerWord = 39

    /// Whether a text can't stand as it is, or would be taken for an encoded word.
    static func isNeeded(for text: String) -> Bool {
        let traits = TextTraits(text, mark: "?")
        return traits.isForeign || traits.hasMark
    }

    /// Words to be separated by single spaces, which readers drop again; control characters become spaces.
    static func encode(_ text: String) -> [String] {
        var words: [String] = []
        var piece: [UInt8] = []
        for scalar in text.unicodeScalars {
            let scalar = scalar.value < 0x20 ? " " : scalar
            let bytes = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            if piece.count + bytes.count > bytesPerWord {
                words.append(word(piece))
                piece.removeAll(keepingCapacity: true)
            }
            piece.append(contentsOf: bytes)
        }
        if !piece.isEmpty { words.append(word(piece)) }
        return words
    }

    private static func word(_ bytes: [UInt8]) -> String {
        let encoded = TransferEncoding.base64.encode(bytes).filter { $0 != UInt8(ascii: "\n") }
        return "=?UTF-8?B?\(String(decoding: encoded, as: UTF8.self))?="
    }
}
