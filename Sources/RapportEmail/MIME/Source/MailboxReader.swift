/// Takes the mails out of a file: one, or those of a mailbox file, which `From ` lines part.
///
/// A `From ` line parts only at the start or after an empty line (mboxo, mboxrd); `>From ` inside loses one `>`.
struct MailboxReader {
    private let name: String
    private var lines: LineReader
    private let limit: Int
    private var count = 0
    /// `nil` until the first line told.
    private var isMailbox: Bool?
    private var isAtEnd = false

    init(name: String, lines: LineReader, limit: Int) {
        self.name = name
        self.lines = lines
        self.limit = limit
    }

    /// A file that fails to be read ends with that failure in the place of the mail that it cut off.
    mutating func next() -> MailSequence.Entry? {
        guard !isAtEnd else { return nil }
        do {
            return try mail()
        } catch {
            isAtEnd = true
            return MailSequence.Entry(name: name, content: .failure(.interrupted(name, mailsBefore: count)))
        }
    }

    private mutating func mail() throws -> MailSequence.Entry? {
        var bytes: [UInt8] = []
        var afterEmpty = false
        var startsLine = true
        while let line = try lines.next() {
            if isMailbox == nil {
                isMailbox = Self.isSeparator(line)
                if isMailbox == true { continue }
            }
            if isMailbox == true, startsLine, afterEmpty, Self.isSeparator(line) {
                return entry(Self.withoutLastEmptyLine(bytes))
            }
            afterEmpty = startsLine && (line.elementsEqual([10]) || line.elementsEqual([13, 10]))
            if bytes.count <= limit {
                let isQuoted = isMailbox == true && startsLine && Self.isQuotedSeparator(line)
                bytes.append(contentsOf: (isQuoted ? line.dropFirst() : line).prefix(limit + 1 - bytes.count))
            }
            startsLine = line.last == 10
        }
        isAtEnd = true
        guard isMailbox != nil else { return nil }
        return entry(isMailbox == true ? Self.withoutLastEmptyLine(bytes) : bytes)
    }

    private mutating func entry(_ bytes: [UInt8]) -> MailSequence.Entry {
        count += 1
        return MailSequence.Entry(name: isMailbox == true ? "\(name):\(count)" : name, content: .success(bytes))
    }

    /// `From somebody Thu Jan  1 00:00:00 2026`; more is not asked for, because programs differ.
    private static func isSeparator(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "From ".utf8)
    }

    private static func isQuotedSeparator(_ line: ArraySlice<UInt8>) -> Bool {
        let marks = line.prefix { $0 == UInt8(ascii: ">") }
        return !marks.isEmpty && line[marks.endIndex...].starts(with: "From ".utf8)
    }

    /// The empty line before the next `From ` belongs to the mailbox.
    private static func withoutLastEmptyLine(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.suffix(4).elementsEqual([13, 10, 13, 10]) { return bytes.dropLast(2) }
        return bytes.suffix(2).elementsEqual([10, 10]) ? bytes.dropLast() : bytes
    }
}
