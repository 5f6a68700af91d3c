/// A mailbox written as nearly all are: atoms before the `@`, a name behind it, and all of it ASCII.
///
/// Whatever is one reads the same with `LocalPart` and `DomainName`, to which all others are left.
enum PlainMailbox {
    private static let dot = UInt8(ascii: ".")
    private static let hyphen = UInt8(ascii: "-")
    private static let scheme: StaticString = "mailto:"

    /// - Returns: the URIs to compare by and to send to; `nil` for what has to be looked at more closely.
    static func forms(of text: String) -> (uri: String, deliverable: String)? {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count <= 254, let at = bytes.firstIndex(of: UInt8(ascii: "@")), isLocalPart(bytes, upTo: at),
                isDomain(bytes, from: at + 1)
            else { return nil }
            let uri = written(bytes, foldedFrom: 0)
            return (uri, bytes[..<at].contains(where: isUpperCase) ? written(bytes, foldedFrom: at) : uri)
        }
    }

    private static func written(_ bytes: UnsafeBufferPointer<UInt8>, foldedFrom start: Int) -> String {
        let length = scheme.utf8CodeUnitCount
        return String(unsafeUninitializedCapacity: length + bytes.count) { room in
            for index in 0..<length { room[index] = scheme.utf8Start[index] }
            for index in bytes.indices {
                let byte = bytes[index]
                room[length + index] = index >= start && isUpperCase(byte) ? byte | 0x20 : byte
            }
            return length + bytes.count
        }
    }

    private static func isLocalPart(_ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int) -> Bool {
        var last = dot
        for index in 0..<end {
            let byte = bytes[index]
            guard byte == dot ? last != dot : byte < 0x80 && LocalPart.isAtomText(byte) else { return false }
            last = byte
        }
        return end <= 64 && last != dot
    }

    /// Two hyphens side by side may be the beginning of an encoded label, and a name may not end in a number.
    private static func isDomain(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        var last = dot
        var first = dot
        var length = 0
        for index in start..<bytes.count {
            let byte = bytes[index]
            if byte == dot || byte == hyphen {
                guard last != dot, last != hyphen else { return false }
            } else {
                guard isLetter(byte) || (0x30...0x39).contains(byte) else { return false }
                if last == dot { first = byte }
            }
            length = byte == dot ? 0 : length + 1
            guard length <= 63 else { return false }
            last = byte
        }
        return bytes.count - start <= 253 && last != dot && last != hyphen && isLetter(first)
    }

    private static func isUpperCase(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
