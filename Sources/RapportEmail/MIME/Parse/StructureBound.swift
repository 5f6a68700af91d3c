/// Finds how much of a mail may be given to the parser, which makes an object of every part and header field.
///
/// Five bytes are enough for a part, so that a mail of some megabytes could otherwise take gigabytes of memory.
enum StructureBound {
    /// The length up to which there are no more than `limit` lines that could be boundaries or header fields.
    static func usableLength(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
        var lines = 0
        var inHeader = true
        var announcesMessage = false
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
                if !announcesMessage, inHeader { announcesMessage = mentionsMessage(bytes[start..<end]) }
            }
            start = end + 1
        }
        return bytes.count
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
