import CGMime

/// Rewrites encoded words (RFC 2047) so that any reader gets them right: in UTF-8, under that name, whole characters each.
///
/// Senders split characters between words and call charsets by the names of smaller ones. Words next to each other are
/// decoded as one run of bytes, which `CharsetDecoder` reads as it reads a body.
struct EncodedWordRepair {
    let charsets: CharsetDecoder

    private struct Word {
        var charset: Substring
        var encoding: UInt8
        var content: Substring
    }

    func repaired(_ text: String) -> String {
        guard text.mayHoldEncodedWords else { return text }
        var out = ""
        var rest = text[...]
        while let start = Self.start(in: rest) {
            out += rest[..<start]
            rest = rest[start...]
            guard var (word, end) = Self.word(at: rest) else {
                out += "=?"
                rest = rest.dropFirst(2)
                continue
            }
            let first = word
            var bytes = Self.bytes(word)
            rest = rest[end...]
            // Only blanks between two words: they belong together.
            while case let next = rest.drop(while: \.isWhitespace),
                next.startIndex > rest.startIndex || next.first == "=",
                let (following, after) = Self.word(at: next),
                following.charset.lowercased() == first.charset.lowercased()
            {
                word = following
                end = after
                bytes += Self.bytes(word)
                rest = next[end...]
            }
            let decoded = charsets.text(bytes, declared: String(first.charset))
            out += EncodedWords.encode(decoded).joined(separator: " ")
        }
        return out + rest
    }

    private static func start(in text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while let mark = text.utf8[index...].firstIndex(of: UInt8(ascii: "=")) {
            let next = text.utf8.index(after: mark)
            if next < text.endIndex, text.utf8[next] == UInt8(ascii: "?") { return mark }
            index = next
        }
        return nil
    }

    /// `=?charset?B?content?=` at the start of the text, and where it ends.
    private static func word(at text: Substring) -> (Word, Substring.Index)? {
        guard text.utf8.starts(with: "=?".utf8) else { return nil }
        let body = text.utf8.dropFirst(2)
        let charset = body.prefix { $0 != UInt8(ascii: "?") && $0 > 0x20 }
        let tail = body[charset.endIndex...].dropFirst()
        guard (1...60).contains(charset.count), let encoding = tail.first.map({ $0 | 0x20 }),
            encoding == UInt8(ascii: "b") || encoding == UInt8(ascii: "q"),
            tail.dropFirst().first == UInt8(ascii: "?")
        else { return nil }
        // Some programs leave spaces in Q words; a word ends at the next `?=`.
        let content = tail.dropFirst(2)
        guard let end = content.firstIndex(of: UInt8(ascii: "?")),
            content[end...].starts(with: "?=".utf8), content[..<end].count <= 8192
        else { return nil }
        let word = Word(charset: Substring(charset), encoding: encoding, content: Substring(content[..<end]))
        return (word, content.index(end, offsetBy: 2))
    }

    private static func bytes(_ word: Word) -> [UInt8] {
        var content = Array(word.content.utf8)
        if word.encoding == UInt8(ascii: "q") {
            for index in content.indices where content[index] == UInt8(ascii: "_") { content[index] = 32 }
            return TransferEncoding.quotedPrintable.decode(content)
        }
        return TransferEncoding.base64.decode(content)
    }
}
