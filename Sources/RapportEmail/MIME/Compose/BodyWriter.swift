import RapportChannels

/// Writes the MIME part of a mail: its `Content-` fields, the empty line and the encoded content.
struct BodyWriter {
    private(set) var bytes: [UInt8]
    /// The dispatch's id: nothing random and nothing secret, because no text can hold a boundary of ours unquoted (see
    /// `TransferEncoding`).
    private let boundaryStem: String

    init(header: consuming HeaderBlock, boundaryStem: String) {
        bytes = header.bytes
        self.boundaryStem = boundaryStem
    }

    mutating func write(_ content: EmailContent) {
        guard !content.attachments.isEmpty else { return writeText(content) }
        let boundary = "=_m\(boundaryStem)"
        open("mixed", boundary)
        delimit(boundary)
        writeText(content)
        for attachment in content.attachments {
            delimit(boundary)
            write(attachment)
        }
        close(boundary)
    }

    private mutating func writeText(_ content: EmailContent) {
        guard let html = content.html else { return write(content.text, subtype: "plain") }
        let boundary = "=_a\(boundaryStem)"
        open("alternative", boundary)
        delimit(boundary)
        write(content.text, subtype: "plain")
        delimit(boundary)
        write(html, subtype: "html")
        close(boundary)
    }

    private mutating func write(_ text: String, subtype: String) {
        var text = text
        let hasReturns = text.withUTF8 { text in
            let traits = TextTraits(text, mark: TransferEncoding.boundaryMark)
            let hasReturns = traits.hasControls && text.position(of: 13) != nil
            if !hasReturns { write(text, traits, subtype: subtype) }
            return hasReturns
        }
        if hasReturns { write(LineEnds.toLF(text), subtype: subtype) }
    }

    private mutating func write(_ text: UnsafeBufferPointer<UInt8>, _ traits: TextTraits, subtype: String) {
        let encoding = TransferEncoding.best(for: text, traits)
        append("Content-Type: text/")
        append(subtype)
        append(encoding == .sevenBit ? "; charset=us-ascii" : "; charset=utf-8")
        append("\r\nContent-Transfer-Encoding: ")
        append(encoding.rawValue)
        append("\r\n\r\n")
        switch encoding {
        case .sevenBit: appendLines(text)
        case .quotedPrintable: QuotedPrintable.append(text, to: &bytes)
        case .base64: encoding.encode(text).withUnsafeBufferPointer { appendLines($0) }
        }
        endLine()
    }

    private mutating func write(_ attachment: EmailContent.Attachment) {
        var header = HeaderBlock()
        header.addLines(AttachmentFields.text(type: attachment.type, name: attachment.name))
        bytes.append(contentsOf: header.bytes)
        append("Content-Transfer-Encoding: base64\r\n\r\n")
        TransferEncoding.base64.encode(attachment.bytes).withUnsafeBufferPointer { appendLines($0) }
        endLine()
    }

    private mutating func open(_ subtype: String, _ boundary: String) {
        append("Content-Type: multipart/")
        append(subtype)
        append(";\r\n boundary=\"")
        append(boundary)
        append("\"\r\n\r\n")
    }

    private mutating func delimit(_ boundary: String) {
        append("--")
        append(boundary)
        append("\r\n")
    }

    private mutating func close(_ boundary: String) {
        append("--")
        append(boundary)
        append("--\r\n")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Copies lines, ending each by CRLF but the last, which ends as the text does.
    private mutating func appendLines(_ text: UnsafeBufferPointer<UInt8>) {
        var isFirst = true
        for line in TextLines(text) {
            if !isFirst {
                bytes.append(13)
                bytes.append(10)
            }
            isFirst = false
            bytes.append(contentsOf: line)
        }
    }

    private mutating func endLine() {
        if bytes.last != 10 {
            bytes.append(13)
            bytes.append(10)
        }
    }
}

/// Text as MIME wants it inside a program: one LF at the end of each line.
enum LineEnds {
    static func toLF(_ text: String) -> String {
        guard text.utf8.contains(13) else { return text }
        var text = text
        return text.withUTF8(toLF)
    }

    private static func toLF(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count) { out in
            var count = 0
            var previous: UInt8 = 0
            for byte in bytes {
                if byte != 10 || previous != 13 {
                    out[count] = byte == 13 ? 10 : byte
                    count += 1
                }
                previous = byte
            }
            return count
        }
    }
}
