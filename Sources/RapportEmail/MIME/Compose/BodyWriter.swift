import Glibc
import RapportChannels

/// Writes the MIME part of a mail: its `Content-` fields, the empty line and the encoded content.
struct BodyWriter {
    private(set) var bytes: [UInt8]
    /// Made from the dispatch's token: nothing random, and no text can hold it unquoted (see `TransferEncoding`).
    private let boundaryStem: String

    init(header: [UInt8], boundaryStem: String, contentSize: Int) {
        bytes = header
        bytes.reserveCapacity(header.count + contentSize + contentSize / 2 + 1024)
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
        var text = text.utf8.contains(13) ? LineEnds.toLF(text) : text
        text.withUTF8 { utf8 in
            let encoding = TransferEncoding.best(forText: utf8)
            let charset = encoding == .sevenBit ? "us-ascii" : "utf-8"
            append("Content-Type: text/\(subtype); charset=\(charset)\r\n")
            append("Content-Transfer-Encoding: \(encoding.rawValue)\r\n\r\n")
            if encoding == .sevenBit {
                appendLines(utf8)
            } else {
                encoding.encode(utf8).withUnsafeBufferPointer { appendLines($0) }
            }
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
        append("Content-Type: multipart/\(subtype);\r\n boundary=\"\(boundary)\"\r\n\r\n")
    }

    private mutating func delimit(_ boundary: String) {
        append("--\(boundary)\r\n")
    }

    private mutating func close(_ boundary: String) {
        append("--\(boundary)--\r\n")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Copies lines, ending each by CRLF.
    private mutating func appendLines(_ text: UnsafeBufferPointer<UInt8>) {
        guard var next = text.baseAddress else { return }
        let end = next + text.count
        while let found = memchr(next, 10, end - next) {
            let length = found - UnsafeMutableRawPointer(mutating: next)
            bytes.append(contentsOf: UnsafeBufferPointer(start: next, count: length))
            bytes.append(13)
            bytes.append(10)
            next += length + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(start: next, count: end - next))
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
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 13 {
                out.append(10)
            } else if !(byte == 10 && previous == 13) {
                out.append(byte)
            }
            previous = byte
        }
        return String(decoding: out, as: UTF8.self)
    }
}
