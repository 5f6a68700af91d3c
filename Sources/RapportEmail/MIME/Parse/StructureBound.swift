/// Finds how much of a mail may be given to the parser, which makes an object of every part and header field.
///
/// Five bytes are enough for a part, so that a mail of some megabytes could otherwise take gigabytes of memory. And it
/// reads the groups of an address field (`name: members;`) by recursion, one inside the other, so that a field of some
/// hundred kilobytes could otherwise take the whole stack. For a name without an address it reads anew all that stands
/// behind it, and some of its versions read all `To` fields anew with each that follows, so that ten thousands of
/// either could otherwise take minutes.
struct StructureBound {
    /// Colons in one address field. Groups can't be nested (RFC 5322, section 3.4), but broken senders write thousands
    /// of addresses with a colon in each, which the parser reads within a few megabytes of stack.
    private static let colons = 6000

    /// Bytes behind the commas of all address fields, for each comma counted anew: as many as 5000 mailboxes in a field
    /// of 100 kB have, the longest that Postfix lets through (`header_size_limit`). The parser needs about a second.
    private static let bytesBehindCommas = 1 << 28

    /// What is looked at in a header field, which goes on over the lines behind it that begin with a blank.
    private enum Field {
        case addresses
        case contentType
        case other
    }

    private let limits: MailLimits
    private var lines = 0
    private var inHeader = true
    /// Whether another header follows the empty line behind this one.
    private var announcesMessage = false
    /// Whether a part that doesn't say what it is could be a message (`multipart/digest`: RFC 2046, section 5.1.5).
    private var hasDigest = false
    private var field = Field.other
    /// Of the header that the line stands in.
    private var addressFields = 0
    private var groups = 0
    private var commas = 0
    /// In the whole mail.
    private var behindCommas = 0

    private init(limits: MailLimits) {
        self.limits = limits
    }

    /// The length up to which there are no more lines that could be boundaries or header fields than the limits allow,
    /// no more fields of addresses in a header, and none with more groups or names than can be read.
    static func usableLength(_ bytes: UnsafeBufferPointer<UInt8>, limits: MailLimits) -> Int {
        var bound = StructureBound(limits: limits)
        var start = 0
        while start < bytes.count {
            let rest = UnsafeBufferPointer(rebasing: bytes[start...])
            let line = UnsafeBufferPointer(rebasing: rest[..<(rest.position(of: 10) ?? rest.count)])
            guard bound.takes(line) else { return start }
            start += line.count + 1
        }
        return bytes.count
    }

    /// Whether the limits allow this line behind those before it.
    private mutating func takes(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = line.first, line.count > 1 || first != 13 else {
            // After the header of an enclosed message's part comes that message's own header.
            inHeader = inHeader && announcesMessage
            announcesMessage = false
            field = .other
            addressFields = 0
            return true
        }
        if line.count > 1, first == UInt8(ascii: "-"), line[1] == first {
            inHeader = true
            if hasDigest { announcesMessage = true }
            lines += 1
        } else if inHeader {
            return takesHeaderLine(line)
        }
        return lines <= limits.structureLines
    }

    /// What is neither a field nor goes on with one is nothing to the parser, wherever it stands in a header.
    private mutating func takesHeaderLine(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        let goesOn = line[0] == 32 || line[0] == 9
        guard goesOn || line.position(of: UInt8(ascii: ":")) != nil else { return true }
        lines += 1
        if !goesOn {
            field = Self.field(line)
            groups = 0
            commas = 0
            if field == .addresses { addressFields += 1 }
        }
        switch field {
        case .addresses: countAddresses(line)
        case .contentType:
            // Blanks, comments and line ends may stand around the type's slash, so its words are looked for alone.
            if Self.mentions(Self.message, in: line) { announcesMessage = true }
            if Self.mentions(Self.digest, in: line) { hasDigest = true }
        case .other: break
        }
        return lines <= limits.structureLines && addressFields <= limits.addressFields && groups <= Self.colons
            && behindCommas <= Self.bytesBehindCommas
    }

    private mutating func countAddresses(_ line: UnsafeBufferPointer<UInt8>) {
        for byte in line {
            behindCommas += commas
            if byte == UInt8(ascii: ",") { commas += 1 }
            if byte == UInt8(ascii: ":") { groups += 1 }
        }
    }

    /// The field that begins with the line; of addresses are `To`, `Reply-To`, `Resent-From` and their like, but not
    /// `Original-Rcpt-To`: a complaint has one for each recipient (RFC 5965, section 3.2), and they are not read as those are.
    private static func field(_ line: UnsafeBufferPointer<UInt8>) -> Field {
        let name = line.prefix(64).prefix { $0 != UInt8(ascii: ":") }
        if name.prefix(contentType.count).map({ $0 | 0x20 }) == contentType { return .contentType }
        if name.prefix(original.count).map({ $0 | 0x20 }) == original { return .other }
        let end = name.split { $0 == UInt8(ascii: "-") || $0 == 32 || $0 == 9 }.last ?? name
        let word = end.map { $0 | 0x20 }
        return addressNames.contains(word) ? .addresses : .other
    }

    /// Whether the word stands in the line, in whatever case.
    private static func mentions(_ word: [UInt8], in line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard line.count >= word.count else { return false }
        return (0...(line.count - word.count)).contains { start in
            word.indices.allSatisfy { line[start + $0] | 0x20 == word[$0] }
        }
    }

    // In small letters, as the bit that tells them from capitals makes them; the dash has it already.
    private static let contentType = Array("content-type".utf8)
    private static let original = Array("original-".utf8)
    private static let message = Array("message".utf8)
    private static let digest = Array("digest".utf8)
    private static let addressNames = ["from", "sender", "to", "cc", "bcc"].map { Array($0.utf8) }
}
