/// One reply of a mail server (RFC 5321, section 4.2), all its lines together.
package struct SMTPReply: Hashable, Sendable {
    /// 200 to 599.
    package let code: Int
    /// What follows the code, the lines joined by line feeds. Hostile until proven otherwise.
    package let text: [UInt8]

    package init(code: Int, text: [UInt8]) {
        self.code = code
        self.text = text
    }

    package init(_ code: Int, _ text: String = "") {
        self.init(code: code, text: Array(text.utf8))
    }

    package var isPositive: Bool { 200..<300 ~= code }
    package var isTransient: Bool { 400..<500 ~= code }
    package var isPermanent: Bool { 500..<600 ~= code }

    /// The enhanced status code at the start of the text (RFC 2034), when its class agrees with the reply's.
    package var enhanced: EnhancedStatus? {
        guard let status = EnhancedStatus(leading: text), status.level == code / 100 else { return nil }
        return status
    }

    /// The codes without any text: `550 5.1.1`. Safe to show.
    package var status: String {
        enhanced.map { "\(code) \($0)" } ?? String(code)
    }

    /// The code and the text in one line of printable characters, for the log: `250 2.0.0 Ok: queued as 4F2`.
    package var summary: String {
        let line = text.prefix(Self.summaryLimit).map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: " ") }
        return line.isEmpty ? String(code) : "\(code) " + String(decoding: line, as: UTF8.self)
    }

    private static let summaryLimit = 200
}

/// A status as RFC 3463 numbers them: `5.1.1`.
package struct EnhancedStatus: Hashable, Sendable, CustomStringConvertible {
    /// 2, 4 or 5.
    package let level: Int
    package let subject: Int
    package let detail: Int

    package init(_ level: Int, _ subject: Int, _ detail: Int) {
        self.level = level
        self.subject = subject
        self.detail = detail
    }

    /// Reads the status that `text` begins with; it ends with the text, a space or a line feed.
    package init?(leading text: some Collection<UInt8>) {
        var numbers: [Int] = []
        var number: Int?
        var digits = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9") where digits < 3:
                number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                digits += 1
                continue
            case UInt8(ascii: ".") where number != nil && numbers.count < 2:
                numbers.append(number ?? 0)
                number = nil
                digits = 0
                continue
            case UInt8(ascii: " "), UInt8(ascii: "\n"):
                break
            default:
                return nil
            }
            break
        }
        guard numbers.count == 2, let number, [2, 4, 5].contains(numbers[0]) else { return nil }
        self.init(numbers[0], numbers[1], number)
    }

    package var description: String { "\(level).\(subject).\(detail)" }
}
