import Glibc

/// The lines of a text that end in LF, without their ends; what stands behind the last LF is the last line.
struct TextLines: Sequence, IteratorProtocol {
    private var rest: UnsafeBufferPointer<UInt8>?

    init(_ text: UnsafeBufferPointer<UInt8>) {
        rest = text
    }

    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        guard let text = rest else { return nil }
        guard let end = text.position(of: UInt8(ascii: "\n")) else {
            rest = nil
            return text
        }
        rest = UnsafeBufferPointer(rebasing: text[(end + 1)...])
        return UnsafeBufferPointer(rebasing: text[..<end])
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Where `byte` stands first.
    func position(of byte: UInt8) -> Int? {
        guard let start = baseAddress, let found = memchr(start, Int32(byte), count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(start)
    }

    /// Whether no line, without its LF, is longer than so many bytes. Looks only where one has to have ended.
    func hasLines(within limit: Int) -> Bool {
        var start = 0
        while count - start > limit {
            guard let end = self[start...(start + limit)].lastIndex(of: UInt8(ascii: "\n")) else { return false }
            start = end + 1
        }
        return true
    }
}
