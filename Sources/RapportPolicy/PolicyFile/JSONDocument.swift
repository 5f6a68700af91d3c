/// Reads a JSON document (RFC 8259), strictly, and keeps the place of everything in it.
///
/// Numbers stay as they were written, and a key that is there twice is refused, which is why this isn't Foundation's.
struct JSONDocument {
    static let maximumSize = 16 << 20

    private let bytes: [UInt8]
    private var index = 0
    /// How far line and column have been counted.
    private var counted = (index: 0, line: 1, column: 1)

    /// - Throws: `PolicyFileError` with one problem.
    static func parse(_ text: String) throws(PolicyFileError) -> DocumentNode {
        guard text.utf8.count <= maximumSize else {
            throw PolicyFileError(problems: [
                .init(line: 1, column: 1, path: "", message: "expected at most \(maximumSize) bytes")
            ])
        }
        var document = JSONDocument(bytes: Array(text.utf8))
        let root = try document.value(depth: 0)
        document.skipSpace()
        guard document.index == document.bytes.count else { throw document.refusal("expected the end of the document") }
        return root
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(PolicyFileError) -> DocumentNode {
        skipSpace()
        let position = position()
        let start = index
        guard depth < DocumentNode.maximumDepth else { throw refusal("nested too deeply") }
        let content: DocumentNode.Content
        switch peek {
        case UInt8(ascii: "{"): content = .mapping(try entries(depth: depth))
        case UInt8(ascii: "["): content = .sequence(try items(depth: depth))
        case UInt8(ascii: "\""): content = .quoted(try string())
        case .some(48...57), UInt8(ascii: "-"): content = .plain(try number())
        case UInt8(ascii: "n"): content = try word("null", .null)
        case UInt8(ascii: "t"): content = try word("true", .plain("true"))
        case UInt8(ascii: "f"): content = try word("false", .plain("false"))
        default: throw refusal("not JSON: expected a value")
        }
        return DocumentNode(content: content, position: position, extent: start..<index)
    }

    private mutating func entries(depth: Int) throws(PolicyFileError) -> [DocumentNode.Entry] {
        var entries: [DocumentNode.Entry] = []
        var seen: Set<String> = []
        index += 1
        if take("}") { return [] }
        repeat {
            skipSpace()
            let position = position()
            guard peek == UInt8(ascii: "\"") else { throw refusal("not JSON: expected a key in double quotes") }
            let key = try string()
            guard seen.insert(key).inserted else {
                throw refusal("the key \(DocumentNode.shown(key)) is there twice", position)
            }
            guard take(":") else { throw refusal("not JSON: expected a colon") }
            entries.append(DocumentNode.Entry(key: key, position: position, value: try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw refusal("not JSON: expected a comma or a closing brace") }
        return entries
    }

    private mutating func items(depth: Int) throws(PolicyFileError) -> [DocumentNode] {
        var items: [DocumentNode] = []
        index += 1
        if take("]") { return [] }
        repeat {
            items.append(try value(depth: depth + 1))
        } while take(",")
        guard take("]") else { throw refusal("not JSON: expected a comma or a closing bracket") }
        return items
    }

    private mutating func number() throws(PolicyFileError) -> String {
        let start = index
        if peek == UInt8(ascii: "-") { index += 1 }
        let hasLeadingZero = peek == UInt8(ascii: "0")
        guard let whole = digits(), !hasLeadingZero || whole == 1 else { throw refusal("not JSON: expected a number") }
        if peek == UInt8(ascii: ".") {
            index += 1
            guard digits() != nil else { throw refusal("not JSON: expected a digit") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            index += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
            guard digits() != nil else { throw refusal("not JSON: expected a digit") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// How many there were; `nil` for none.
    private mutating func digits() -> Int? {
        let start = index
        while let byte = peek, (48...57).contains(byte) { index += 1 }
        return index > start ? index - start : nil
    }

    private mutating func word(
        _ word: String, _ content: DocumentNode.Content
    ) throws(PolicyFileError) -> DocumentNode.Content {
        guard bytes[index...].starts(with: word.utf8) else { throw refusal("not JSON: expected a value") }
        index += word.utf8.count
        return content
    }

    private mutating func string() throws(PolicyFileError) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                text += String(Character(try escape())).utf8
            case 0..<0x20: throw refusal("not JSON: a control character in a text")
            default:
                index += 1
                text.append(byte)
            }
        }
        throw refusal("not JSON: a text without its end")
    }

    private mutating func escape() throws(PolicyFileError) -> Unicode.Scalar {
        defer { index += 1 }
        switch peek {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard (0xD800..<0xDC00).contains(unit), bytes[(index + 1)...].starts(with: "\\u".utf8) else { break }
            index += 2
            let low = try codeUnit()
            guard (0xDC00..<0xE000).contains(low) else { break }
            let code = 0x10000 + (UInt32(unit - 0xD800) << 10 | UInt32(low - 0xDC00))
            if let scalar = Unicode.Scalar(code) { return scalar }
        default: break
        }
        throw refusal("not JSON: an escape that means nothing")
    }

    /// Four hexadecimal digits after a `u`; leaves `index` on the last.
    private mutating func codeUnit() throws(PolicyFileError) -> UInt16 {
        let digits = bytes[(index + 1)...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw refusal("not JSON: expected four hexadecimal digits") }
        index += 4
        return unit
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// Counts on from where it counted to last, so that a document of one long line takes no longer than its length.
    private mutating func position() -> DocumentNode.Position {
        for byte in bytes[counted.index..<index] {
            if byte == 0x0A {
                counted.line += 1
                counted.column = 1
            } else if byte & 0xC0 != 0x80 {
                counted.column += 1
            }
        }
        counted.index = index
        return DocumentNode.Position(line: counted.line, column: counted.column)
    }

    private mutating func refusal(_ message: String, _ position: DocumentNode.Position? = nil) -> PolicyFileError {
        index = min(index, bytes.count)
        let place = position ?? self.position()
        return PolicyFileError(problems: [
            PolicyFileError.Problem(line: place.line, column: place.column, path: "", message: message)
        ])
    }
}
