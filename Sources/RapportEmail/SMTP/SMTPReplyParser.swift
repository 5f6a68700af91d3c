/// Cuts the bytes that a server sends into replies, within bounds.
///
/// Lines may end with CRLF or, from servers that are lax about it, with LF alone.
package struct SMTPReplyParser: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Bytes of one line with its end; RFC 5321 allows 512, servers take more.
        package var line: Int
        /// Lines of one reply.
        package var lines: Int

        package init(line: Int = 2048, lines: Int = 128) {
            self.line = line
            self.lines = lines
        }
    }

    /// Not a reply, or one beyond the limits: nothing that follows can be trusted to be in step.
    package struct Violation: Error, Hashable, Sendable {}

    private let limits: Limits
    private var line: [UInt8] = []
    private var code: Int?
    private var text: [UInt8] = []
    private var lines = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes bytes up to the end of the first reply; it returns `nil` when there is none yet.
    ///
    /// - Parameter bytes: loses what has been taken.
    package mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(Violation) -> SMTPReply? {
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let piece = bytes[bytes.startIndex..<end]
            guard line.count + piece.count < limits.line else { throw Violation() }
            bytes = bytes[(end + 1)...]
            if line.isEmpty {
                if let reply = try take(line: piece) { return reply }
            } else {
                line += piece
                let whole = line[...]
                line.removeAll(keepingCapacity: true)
                if let reply = try take(line: whole) { return reply }
            }
        }
        guard line.count + bytes.count < limits.line else { throw Violation() }
        line += bytes
        bytes = []
        return nil
    }

    private mutating func reset() {
        line = []
        code = nil
        text = []
        lines = 0
    }

    private mutating func take(line: ArraySlice<UInt8>) throws(Violation) -> SMTPReply? {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        let first = line.startIndex
        guard line.count >= 3, let code = Self.code(line[first..<first + 3]), self.code ?? code == code else {
            throw Violation()
        }
        let isLast: Bool
        switch line.count > 3 ? line[first + 3] : UInt8(ascii: " ") {
        case UInt8(ascii: " "): isLast = true
        case UInt8(ascii: "-"): isLast = false
        default: throw Violation()
        }
        lines += 1
        guard lines <= limits.lines else { throw Violation() }
        if lines > 1 { text.append(UInt8(ascii: "\n")) }
        text += line.dropFirst(4)
        guard isLast else {
            self.code = code
            return nil
        }
        let reply = SMTPReply(code: code, text: text)
        reset()
        return reply
    }

    private static func code(_ digits: ArraySlice<UInt8>) -> Int? {
        var code = 0
        for byte in digits {
            guard 0x30...0x39 ~= byte else { return nil }
            code = code * 10 + Int(byte - 0x30)
        }
        return 200..<600 ~= code ? code : nil
    }
}
