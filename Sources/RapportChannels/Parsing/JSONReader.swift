/// Reads one JSON text strictly (RFC 8259), bounded in depth, and says where it is broken.
///
/// Foundation's readers round long numbers, take the last of two members with one name and name no place; ids,
/// signatures and error messages need all three, so this one is written out.
package struct JSONReader {
    private let bytes: [UInt8]
    /// Where to read on.
    private var index = 0
    /// Leads to the array whose items are asked for.
    private let way: [String]
    /// How many steps of the way lead to what is being read; containers beside the way lie deeper. Negative when nobody
    /// asks.
    private var stepsTaken: Int
    private var items: [Range<Int>] = []

    /// Arrays and objects within each other.
    package static let depthLimit = 64

    /// - Throws: `malformed` with line and column (both from 1, columns in bytes) and what was expected there.
    package static func read(_ bytes: [UInt8]) throws(InboundRejection) -> JSONValue {
        try read(bytes, itemsAt: nil).value
    }

    /// - Returns: also where each item of the array at a place stands in the bytes; empty when no array is there.
    package static func read(
        _ bytes: [UInt8], itemsAt place: JSONPointer?
    ) throws(InboundRejection) -> (value: JSONValue, items: [Range<Int>]) {
        var reader = JSONReader(bytes, itemsAt: place)
        do {
            return (try reader.document(), reader.items)
        } catch {
            throw InboundRejection(.malformed, "\(self.place(of: error.offset, in: bytes)): \(error.expectation)")
        }
    }

    private init(_ bytes: [UInt8], itemsAt place: JSONPointer?) {
        self.bytes = bytes
        way = place?.tokens ?? []
        stepsTaken = place == nil ? -1 : 0
    }

    private struct Failure: Error {
        var offset: Int
        var expectation: String
    }

    private static func place(of offset: Int, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return "line \(line), column \(offset - lineStart + 1)"
    }

    private func failure(_ expectation: String) -> Failure {
        Failure(offset: index, expectation: expectation)
    }

    /// The byte that is read next; `nil` at the end.
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func document() throws(Failure) -> JSONValue {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard next == nil else { throw failure("expected the end") }
        return value
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth < Self.depthLimit else { throw failure("nested deeper than \(Self.depthLimit)") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"): return .number(try number())
        case .some(48...57): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("expected a value")
        }
    }

    private mutating func child(depth: Int, isOnTheWay: Bool) throws(Failure) -> JSONValue {
        guard isOnTheWay else { return try value(depth: depth + 1) }
        stepsTaken += 1
        defer { stepsTaken -= 1 }
        return try value(depth: depth + 1)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else { throw failure("expected a value") }
        index += word.utf8.count
        return value
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        index += 1
        skipSpace()
        if take("]") { return .array([]) }
        let isAskedFor = stepsTaken == depth && depth == way.count
        let step = stepsTaken == depth && !isAskedFor ? JSONPointer.index(way[depth]) : nil
        var values: [JSONValue] = []
        while true {
            skipSpace()
            let start = index
            values.append(try child(depth: depth, isOnTheWay: values.count == step))
            if isAskedFor { items.append(start..<index) }
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw failure("expected , or ]") }
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        index += 1
        skipSpace()
        if take("}") { return .object([]) }
        var members: [JSONValue.Member] = []
        var names = MemberNames()
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("expected a name in quotes") }
            let start = index
            let name = try string()
            guard names.insert(name, after: members) else {
                throw Failure(offset: start, expectation: "the same name a second time")
            }
            skipSpace()
            guard take(":") else { throw failure("expected :") }
            skipSpace()
            let isOnTheWay = stepsTaken == depth && depth < way.count && way[depth] == name
            members.append(JSONValue.Member(name, try child(depth: depth, isOnTheWay: isOnTheWay)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("expected , or }") }
        }
    }

    private mutating func number() throws(Failure) -> String {
        let start = index
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let length = index - start
        guard length <= 1000 else { throw Failure(offset: start, expectation: "a number longer than 1000 digits") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() throws(Failure) {
        guard let first = next, (48...57).contains(first) else { throw failure("expected a digit") }
        while let byte = next, (48...57).contains(byte) { index += 1 }
    }

    private mutating func string() throws(Failure) -> String {
        let start = index
        index += 1
        let first = index
        while let byte = next, Self.isPlain(byte) { index += 1 }
        // Most strings are one such run, of which nothing has to be checked.
        if next == UInt8(ascii: "\"") {
            defer { index += 1 }
            return String(decoding: bytes[first..<index], as: UTF8.self)
        }
        var text = Array(bytes[first..<index])
        while true {
            let run = index
            while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
            switch next {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return try text.isEmpty
                    ? Self.text(bytes[run..<index], at: start) : Self.text(text + bytes[run..<index], at: start)
            case UInt8(ascii: "\\"):
                text += bytes[run..<index]
                try escape(into: &text)
            case .some: throw failure("a control character in a string")
            case nil: throw failure("expected the end of a string")
            }
        }
    }

    /// Stands for itself in a string, is ASCII, and no control character.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func text(_ bytes: some Collection<UInt8>, at start: Int) throws(Failure) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw Failure(offset: start, expectation: "a string that is not UTF-8")
        }
        return string.storable
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        let start = index
        index += 1
        let letter = next
        if letter != nil { index += 1 }
        switch letter {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = scalar() else {
                throw Failure(offset: start, expectation: "expected \\u and the four hex digits of a character")
            }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw Failure(offset: start, expectation: "an unknown escape")
        }
    }

    /// One character of one escape, or of two that make a surrogate pair; a lone surrogate is no character.
    private mutating func scalar() -> Unicode.Scalar? {
        guard let first = codeUnit() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard take("\\"), take("u"), let second = codeUnit(), UTF16.isTrailSurrogate(second) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF)))
    }

    private mutating func codeUnit() -> UInt16? {
        let digits = bytes[index...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "f") ~= $0 }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        index += 4
        return unit
    }
}

/// The names of an object so far; the few that most objects have are compared one by one.
private struct MemberNames {
    private static let few = 16
    private var many: Set<String> = []

    /// - Returns: false when a member has this name already.
    mutating func insert(_ name: String, after members: [JSONValue.Member]) -> Bool {
        if members.count < Self.few { return !members.contains { $0.name == name } }
        if many.isEmpty { many = Set(members.map(\.name)) }
        return many.insert(name).inserted
    }
}
