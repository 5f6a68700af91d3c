/// Finds how much of a mail may be given to the parser, which makes an object of every part and header field.
///
/// Five bytes are enough for a part, so that a mail of some megabytes could otherwise take gigabytes of memory. And it
/// reads the groups of an address field (`name: members;`) by recursion, one inside the other, so that a field of some
/// hundred kilobytes could otherwise take the whole stack.
enum StructureBound {
    /// Colons in one address field. Groups can't be nested (RFC 5322, section 3.4), but broken senders write thousands
    /// of addresses with a colon in each, which the parser reads within a few megabytes of stack.
    private static let colons = 6000

    /// The length up to which there are no more than `limit` lines that could be boundaries or header fields, and no
    /// address field with more groups than can be read.
    static func usableLength(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
        var lines = 0
        var inHeader = true
        var announcesMessage = false
        var groups = 0
        var listsAddresses = false
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let isEmpty = end == start || (end == start + 1 && bytes[start] == 13)
            let isDelimiter = end > start + 1 && bytes[start] == 45 && bytes[start + 1] == 45
            if isEmpty {
                // After the header of an enclosed message's part comes that message's own header.
                inHeader = inHeader && announcesMessage
                announcesMessage = false
            } else if isDelimiter || inHeader {
                lines += 1
                if lines > limit { return start }
                if isDelimiter { inHeader = true }
                if bytes[start] != 32, bytes[start] != 9 {
                    groups = 0
                    listsAddresses = Self.listsAddresses(bytes[start..<end])
                }
                if listsAddresses {
                    groups += bytes[start..<end].count { $0 == UInt8(ascii: ":") }
                    if groups > colons { return start }
                }
                if !announcesMessage, inHeader { announcesMessage = mentionsMessage(bytes[start..<end]) }
            }
            start = end + 1
        }
        return bytes.count
    }

    /// Whether the line begins a field such as `To`, `Reply-To` or `Resent-From`.
    private static func listsAddresses(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let name = line.prefix(64).prefix { $0 != UInt8(ascii: ":") }
        let end = name.split { $0 == UInt8(ascii: "-") || $0 == 32 || $0 == 9 }.last ?? name
        let word = end.map { $0 | 0x20 }
        return ["from", "sender", "to", "cc", "bcc"].contains { word.elementsEqual($0.utf8) }
    }

    /// Whether `message/` or `digest` stands in the line, so that headers may follow an empty line.
    private static func mentionsMessage(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var line = line.prefix(2000)
        while let hit = line.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "m") || $0 | 0x20 == UInt8(ascii: "d") }) {
            let word = line[hit...].prefix(8).map { $0 | 0x20 }
            if word.starts(with: "message/".utf8.map { $0 | 0x20 }) || word.starts(with: "digest".utf8) { return true }
            line = line[(hit + 1)...]
        }
        return false
    }
}
