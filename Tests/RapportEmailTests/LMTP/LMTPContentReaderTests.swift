import NIOCore
import RapportEmail
import Testing

@Suite struct LMTPContentReaderTests {
    /// Reads in pieces of a size; returns the content and what is left behind its end.
    private func read(_ text: String, pieces: Int = .max, limit: Int = .max) -> (content: String?, rest: String) {
        var reader = LMTPContentReader(limit: limit)
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let end = pieces == .max ? bytes.count : min(start + pieces, bytes.count)
            var piece = bytes[start..<end]
            if reader.read(&piece) {
                let rest = Array(piece) + bytes[end...]
                return (String(decoding: reader.content, as: UTF8.self), String(decoding: rest, as: UTF8.self))
            }
            start = end
        }
        return (nil, "")
    }

    static let contents: [(String, String?, String)] = [
        (".\r\n", "", ""), ("a\r\n.\r\n", "a\r\n", ""), ("a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n"),
        ("..\r\n.\r\n", ".\r\n", ""), (".a\r\n..b\r\n.\r\n", "a\r\n.b\r\n", ""), ("a\r\n\r\n.\r\n", "a\r\n\r\n", ""),
        // Ends that other servers may see, and that are none.
        ("a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", ""), ("a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", ""),
        ("a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", ""), ("a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", ""),
        ("a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", ""), ("a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", ""),
        ("a\r\r\n.\r\n", "a\r\r\n", ""), ("a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n", ""), ("\n.\r\n.\r\n", "\n.\r\n", ""),
        ("a\r\n.", nil, ""), ("a\r\n.\r", nil, ""), ("a", nil, ""),
    ]

    @Test("ends a content at CR LF . CR LF and nowhere else, however it is cut", arguments: contents)
    func ends(text: String, content: String?, rest: String) {
        for pieces in [1, 2, 3, 5, Int.max] {
            let result = read(text, pieces: pieces)
            #expect(result.content == content)
            #expect(result.rest == rest)
        }
    }

    @Test("reads the same whatever comes, byte by byte or in one piece")
    func whole() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 1...24, using: &generator)).map { _ in
                ["\r\n", "\r", "\n", ".", "a", "a\r\n", "\r\n.\r\n"].randomElement(using: &generator) ?? "a"
            }.joined()
            let (cut, whole) = (read(text, pieces: 1), read(text))
            #expect(cut.content == whole.content, "\(text.debugDescription)")
            #expect(cut.rest == whole.rest, "\(text.debugDescription)")
        }
    }

    @Test("undoes what the client does")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let lines = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                String(
                    (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                        [".", "a", ".", "é"].randomElement(using: &generator) ?? "."
                    }.joined()) + "\r\n"
            }
            let message = lines.joined()
            let wire = String(buffer: try SMTPContent(Array(message.utf8)).buffer)
            #expect(read(wire, pieces: Int.random(in: 1...9, using: &generator)).content == message)
        }
    }

    @Test("keeps nothing of a content that is too long, and still finds its end")
    func limit() {
        var reader = LMTPContentReader(limit: 10)
        var bytes = Array("0123456789".utf8)[...]
        var hasEnded = reader.read(&bytes)
        #expect(!hasEnded)
        #expect(!reader.isTooLarge && reader.content.count == 10)
        bytes = Array("0\r\n.\r\nnext".utf8)[...]
        hasEnded = reader.read(&bytes)
        #expect(hasEnded)
        #expect(reader.isTooLarge && reader.content.isEmpty)
        #expect(bytes.count == 4)
    }
}
