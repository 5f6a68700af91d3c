/// The syntax of a mailbox as far as it keeps a command whole (RFC 5321, section 4.1.2).
///
/// Whether the mailbox exists is the server's to say; what matters here is that nothing in it can end the path, the
/// command or the line.
package enum SMTPPath {
    /// RFC 5321, section 4.5.3.1.3, allows 256 bytes with the brackets.
    private static let limit = 254

    package static func isValid(_ mailbox: String) -> Bool {
        isValid(Array(mailbox.utf8)[...])
    }

    package static func isValid(_ mailbox: ArraySlice<UInt8>) -> Bool {
        guard mailbox.count <= limit, let at = mailbox.lastIndex(of: UInt8(ascii: "@")), at > mailbox.startIndex,
            at < mailbox.endIndex - 1
        else { return false }
        return isLocalPart(mailbox[..<at]) && mailbox[(at + 1)...].allSatisfy(isPlain)
    }

    private static func isLocalPart(_ part: ArraySlice<UInt8>) -> Bool {
        guard part.first == UInt8(ascii: "\"") else { return part.allSatisfy(isPlain) }
        guard part.count >= 2, part.last == UInt8(ascii: "\"") else { return false }
        var isEscaped = false
        for byte in part.dropFirst().dropLast() {
            guard byte >= 0x20, byte != 0x7F else { return false }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return false
            }
        }
        return !isEscaped
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: false
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "@"): false
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"): false
        default: true
        }
    }
}
