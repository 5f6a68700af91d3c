/// A provider's call written as nearly all are: a POST to `/in/` with its length, and nothing said about the connection.
///
/// Whatever is one means the same to `HTTPRequestDecoder`, to which all others are left.
package struct PlainCall: Sendable {
    package let target: String
    /// Names in lower case.
    package let headers: [(name: String, value: String)]
    /// Where the body begins, which goes on to the end.
    package let bodyStart: Int

    private static let start: StaticString = "POST /in/"
    private static let version: StaticString = " HTTP/1.1\r\n"
    private static let headLimit = 16 << 10
    private static let fieldLimit = 100
    /// What says how a message is framed, or what becomes of its connection (RFC 9110, sections 7.6.1, 7.8 and 10.1; RFC
    /// 9112, section 6.1).
    private static let left = [
        "connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// - Parameter bytes: what has come.
    /// - Returns: `nil` unless it is one such call, whole, and nothing behind it.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        var reader = Reader(bytes)
        guard reader.take(Self.start) else { return nil }
        let target = reader.target(from: "POST ".utf8.count)
        guard reader.take(Self.version) else { return nil }
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(16)
        var length: Int?
        while !reader.take("\r\n") {
            guard headers.count < Self.fieldLimit, let name = reader.name(), let value = reader.value(),
                !Self.left.contains(where: { Self.isSame($0, name) })
            else { return nil }
            if Self.isSame(name, "content-length") {
                guard length == nil, let number = Self.length(value) else { return nil }
                length = number
            }
            headers.append((name, value))
        }
        guard reader.place <= Self.headLimit, length == bytes.count - reader.place else { return nil }
        self.target = target
        self.headers = headers
        bodyStart = reader.place
    }

    /// Most names differ in their length.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one == other
    }

    private static func length(_ value: String) -> Int? {
        let isNumber = (1...6).contains(value.utf8.count) && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? Int(value) : nil
    }
}

extension PlainCall {
    /// Steps through a head.
    private struct Reader {
        private let bytes: UnsafeRawBufferPointer
        private(set) var place = 0

        init(_ bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
        }

        mutating func take(_ expected: StaticString) -> Bool {
            let count = expected.utf8CodeUnitCount
            guard bytes.count - place >= count else { return false }
            for offset in 0..<count where bytes[place + offset] != expected.utf8Start[offset] { return false }
            place += count
            return true
        }

        /// The characters of paths and queries (RFC 3986, sections 3.3 and 3.4).
        mutating func target(from start: Int) -> String {
            while place < bytes.count, Self.isOfTarget(bytes[place]) { place += 1 }
            return String(decoding: bytes[start..<place], as: UTF8.self)
        }

        /// A field's name, in lower case, and the colon behind it.
        mutating func name() -> String? {
            let start = place
            while place < bytes.count, Self.lowercased(bytes[place]) != nil { place += 1 }
            guard place > start, place < bytes.count, bytes[place] == UInt8(ascii: ":") else { return nil }
            defer { place += 1 }
            return String(unsafeUninitializedCapacity: place - start) { room in
                for index in start..<place { room[index - start] = Self.lowercased(bytes[index]) ?? 0 }
                return place - start
            }
        }

        /// A field's value behind the blanks before it, and the end of its line. Blanks behind it are for others.
        mutating func value() -> String? {
            while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 }
            let start = place
            while place < bytes.count, Self.isOfValue(bytes[place]) { place += 1 }
            let end = place
            guard start == end || !Self.isBlank(bytes[end - 1]), take("\r\n") else { return nil }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }

        private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

        /// Of ASCII (RFC 9110, section 5.5).
        private static func isOfValue(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) || byte == 0x09 }

        private static func isOfTarget(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "?")...UInt8(ascii: "Z"),
                UInt8(ascii: "$")...UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "!"),
                UInt8(ascii: "~"):
                true
            default: false
            }
        }

        /// - Returns: `nil` for what is no part of a name (RFC 9110, section 5.6.2).
        private static func lowercased(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: nil
            }
        }
    }
}
