/// Quoted-printable (RFC 2045, section 6.7), written straight into a mail.
///
/// The same bytes as GMime's encoder makes, in a third of its time: texts of one long line, as HTML often is, are most
/// of what a campaign has to encode. Only a blank at the end of a full line goes to a line of its own, with which
/// GMime's lines outgrow the limit.
package enum QuotedPrintable {
    /// With the equals sign of a soft break, the most that a line may have.
    private static let limit = 75
    private static let digits: StaticString = "0123456789ABCDEF"

    /// Appends `text`, whose lines end in LF, with CRLF at their ends. A text without an end to its last line has none
    /// afterwards either, or a soft one behind a blank.
    package static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        var isFirst = true
        for line in TextLines(text) {
            if !isFirst { appendLineEnd(to: &bytes) }
            isFirst = false
            append(line: line, to: &bytes)
        }
        if let last = text.last, isBlank(last) { appendSoftBreak(to: &bytes) }
    }

    private static func append(line: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        var column = 0
        var index = 0
        while index < line.count {
            let room = min(limit - column, line.count - index)
            var end = index
            while end < index + room, isSafe(line[end]) { end += 1 }
            // A blank before the line's end might get lost on the way.
            if end == line.count, end > index, isBlank(line[end - 1]) { end -= 1 }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: line[index..<end]))
            column += end - index
            index = end
            guard index < line.count else { break }
            let byte = line[index]
            let isLiteral = isSafe(byte) && !(index == line.count - 1 && isBlank(byte))
            if column + (isLiteral ? 1 : 3) > limit {
                appendSoftBreak(to: &bytes)
                column = 0
            } else if !isLiteral {
                bytes.append(UInt8(ascii: "="))
                bytes.append(digits.utf8Start[Int(byte >> 4)])
                bytes.append(digits.utf8Start[Int(byte & 15)])
                column += 3
                index += 1
            }
        }
    }

    private static func appendSoftBreak(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "="))
        appendLineEnd(to: &bytes)
    }

    private static func appendLineEnd(to bytes: inout [UInt8]) {
        bytes.append(13)
        bytes.append(10)
    }

    /// Visible ASCII but for the equals sign, and blanks.
    private static func isSafe(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "=") || byte == UInt8(ascii: "\t")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
