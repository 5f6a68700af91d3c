/// Collects header fields, folded at spaces and without any character that could end a field early.
struct HeaderBlock {
    private(set) var bytes: [UInt8] = []
    /// RFC 5322 asks for 78 and allows 998; a word that has no space is broken only when it would break the limit.
    private static let wanted = 76
    private static let limit = 900

    /// - Parameter contentSize: of what will follow, so that all of it finds room.
    init(contentSize: Int = 0) {
        bytes.reserveCapacity(1536 + contentSize + contentSize / 4)
    }

    /// A field of words that are separated by single spaces; control characters become spaces.
    mutating func add(_ name: String, _ value: String) {
        append(name)
        bytes.append(UInt8(ascii: ":"))
        var column = name.utf8.count + 1
        var value = value
        value.withUTF8 { text in
            var start = 0
            while start < text.count {
                if Self.isSpace(text[start]) {
                    start += 1
                    continue
                }
                var end = start
                while end < text.count, !Self.isSpace(text[end]) { end += 1 }
                if end - start <= Self.limit {
                    column = addWord(UnsafeBufferPointer(rebasing: text[start..<end]), at: column)
                } else {
                    for piece in Self.pieces(start..<end, of: text) {
                        column = addWord(UnsafeBufferPointer(rebasing: text[piece]), at: column)
                    }
                }
                start = end
            }
        }
        appendLineEnd()
    }

    /// Text of any language (an unstructured field).
    mutating func add(_ name: String, text: String) {
        add(name, EncodedWords.isNeeded(for: text) ? EncodedWords.encode(text).joined(separator: " ") : text)
    }

    /// Lines that are written already, with LF or CRLF at their ends.
    mutating func addLines(_ lines: String) {
        for byte in lines.utf8 where byte != 13 {
            if byte == 10 { bytes.append(13) }
            bytes.append(byte)
        }
    }

    private mutating func addWord(_ word: UnsafeBufferPointer<UInt8>, at column: Int) -> Int {
        let folds = column + 1 + word.count > Self.wanted && column > 1 && bytes.last != UInt8(ascii: ":")
        if folds { appendLineEnd() }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: word)
        return (folds ? 0 : column) + 1 + word.count
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func appendLineEnd() {
        bytes.append(13)
        bytes.append(10)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F
    }

    /// A word that is too long for any line, in pieces, none of which ends inside a character.
    private static func pieces(_ word: Range<Int>, of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = word.lowerBound
        while start < word.upperBound {
            var end = min(start + limit, word.upperBound)
            while end < word.upperBound, end > start + 1, text[end] & 0xC0 == 0x80 { end -= 1 }
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }
}
