/// Finds the end of one HTTP/1.1 answer after another without keeping their bodies. Only what both measured servers send is
/// understood: a status line, fields, and a body with `Content-Length`.
struct AnswerReader {
    enum Step: Equatable {
        case more
        case answer(status: Int)
        /// Not an answer, or one that this reader can't find the end of.
        case broken
    }

    private static let headLimit = 16 << 10
    private var head: [UInt8] = []
    private var status = 0
    private var bodyLeft = 0

    /// Takes bytes as they came. A client that waits for each answer gets at most one in them.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Step {
        if bodyLeft > 0 { return readBody(bytes.count) }
        let before = head.count
        head.append(contentsOf: bytes)
        guard let end = endOfHead(from: max(0, before - 3)) else {
            return head.count < Self.headLimit ? .more : .broken
        }
        guard let status = Self.status(head), let length = Self.contentLength(head[..<end]) else { return .broken }
        let received = head.count - end
        self.status = status
        bodyLeft = length
        head.removeAll(keepingCapacity: true)
        return readBody(received)
    }

    private mutating func readBody(_ count: Int) -> Step {
        guard count <= bodyLeft else { return .broken }
        bodyLeft -= count
        return bodyLeft == 0 ? .answer(status: status) : .more
    }

    /// Just behind the first empty line.
    private func endOfHead(from start: Int) -> Int? {
        var index = start
        while index + 3 < head.count {
            if head[index] == 13, head[index + 1] == 10, head[index + 2] == 13, head[index + 3] == 10 {
                return index + 4
            }
            index += 1
        }
        return nil
    }

    private static func status(_ head: [UInt8]) -> Int? {
        guard head.count > 12, head.starts(with: "HTTP/1.1 ".utf8) else { return nil }
        return number(head[9..<12])
    }

    /// 0 without the field; `nil` when it is no number.
    private static func contentLength(_ head: ArraySlice<UInt8>) -> Int? {
        for line in head.split(separator: 10) where line.count > lengthName.count {
            let name = line.prefix(lengthName.count)
            // Letters in lower case; the hyphen and the colon have that bit already.
            guard zip(name, lengthName).allSatisfy({ $0 | 0x20 == $1 }) else { continue }
            return number(line.dropFirst(lengthName.count).drop { $0 == 32 }.prefix { $0 != 13 })
        }
        return 0
    }

    private static let lengthName = Array("content-length:".utf8)

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...9).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
