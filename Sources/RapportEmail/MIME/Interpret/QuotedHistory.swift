/// Tells what a person wrote from what the mail program quoted below or above it.
package enum QuotedHistory {
    /// The text without quoted lines, the line that introduces them, forwarded originals and the signature; empty when
    /// there is nothing else.
    package static func newText(of text: String) -> String {
        var text = text
        return text.withUTF8(newText)
    }

    private static func newText(of text: UnsafeBufferPointer<UInt8>) -> String {
        var kept: [UInt8] = []
        var keptLines = 0
        kept.reserveCapacity(text.count)
        var lines = TextLines(text)
        var following = lines.next()
        while let line = following {
            following = lines.next()
            let bare = trimmed(line)
            if endsNewText(bare, next: following) || line.elementsEqual("-- ".utf8) { break }
            if bare.first == UInt8(ascii: ">") || bare.first == UInt8(ascii: "|") && keptLines > 0 { continue }
            if keptLines > 0 { kept.append(10) }
            kept.append(contentsOf: line)
            keptLines += 1
        }
        return kept.withUnsafeBufferPointer { kept in
            String(decoding: trimmed(kept), as: UTF8.self)
        }
    }

    private static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let first = text.firstIndex(where: { $0 > 0x20 }), let last = text.lastIndex(where: { $0 > 0x20 }) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(rebasing: text[first...last])
    }

    /// Whether everything from this line on is history.
    private static func endsNewText(_ line: UnsafeBufferPointer<UInt8>, next: UnsafeBufferPointer<UInt8>?) -> Bool {
        guard line.count <= 300, let first = line.first else { return false }
        if namesWriterFirst(line, next: next) || namesDateFirst(line, next: next) { return true }
        // Most lines begin with none of the first letters, and lower-casing is what costs.
        guard isFirstByte[Int(first | 0x20)] else { return false }
        let lower = lowered(line)
        if separators.contains(where: lower.starts(with:)) { return true }
        let following = next.map { lowered(UnsafeBufferPointer(rebasing: trimmed($0).prefix(300))) } ?? []
        // Outlook's block has no mark but its fields: From: … Sent: …
        if headStarts.contains(where: lower.starts(with:)), headSeconds.contains(where: following.starts(with:)) {
            return true
        }
        // `On …, somebody <address>` and `wrote:`, which programs also break into two lines.
        return namesWriterLast(lower, following)
            || introductions.contains { start, end in
                lower.starts(with: start)
                    && (lower.suffix(end.count).elementsEqual(end)
                        || !following.starts(with: start) && following.suffix(end.count).elementsEqual(end))
            }
    }

    /// `Somebody <address> 于2026年1月5日 … 写道：`, in one line or in two of which the first has the address's bracket.
    private static func namesWriterFirst(
        _ line: UnsafeBufferPointer<UInt8>, next: UnsafeBufferPointer<UInt8>?
    ) -> Bool {
        let bracket = UInt8(ascii: "<")
        // What is quoted may introduce an older quotation, and isn't the last of what is new.
        guard line.first != UInt8(ascii: ">"), line.position(of: bracket) != nil else { return false }
        var text = Array(line)
        if !endsDated(text), let next, next.position(of: bracket) == nil { text += [32] + trimmed(next).prefix(300) }
        return endsDated(text) && datedStarts.contains { text.firstRange(of: $0) != nil }
    }

    private static func endsDated(_ text: [UInt8]) -> Bool {
        datedEnds.contains { text.suffix($0.count).elementsEqual($0) }
    }

    /// `Am … um 10:12 Uhr schrieb somebody <address>:`, in one line or two. People begin sentences of their own so,
    /// too, but write no time of day.
    private static func namesWriterLast(_ line: [UInt8], _ following: [UInt8]) -> Bool {
        guard line.starts(with: germanStart) else { return false }
        let colon = UInt8(ascii: ":")
        let text = line.last == colon || following.starts(with: germanStart) ? line : line + [32] + following
        guard text.last == colon, let verb = text.firstRange(of: germanVerb) else { return false }
        return hasTimeOfDay(text[..<verb.lowerBound])
    }

    private static func hasTimeOfDay<Text: RandomAccessCollection>(_ text: Text) -> Bool
    where Text.Element == UInt8, Text.Index == Int {
        text.indices.dropFirst().dropLast().contains {
            text[$0] == UInt8(ascii: ":") && isDigit(text[$0 - 1]) && isDigit(text[$0 + 1])
        }
    }

    /// `пн, 5 янв. 2026 г. в 10:12, Somebody <address>:` or `05.01.2026 10:12, Somebody пишет:`, in one line or in two of
    /// which the second has the address.
    private static func namesDateFirst(
        _ line: UnsafeBufferPointer<UInt8>, next: UnsafeBufferPointer<UInt8>?
    ) -> Bool {
        guard let first = line.first, isDigit(first) || first == 0xD0 || first == 0xD1, hasTimeOfDay(line) else {
            return false
        }
        let text = lowered(line)
        if endsRussian(text) { return true }
        // With a time of its own the next line introduces the quotation, and this one is the last of what is new.
        guard let next, !hasTimeOfDay(next.prefix(300)) else { return false }
        return endsRussian(text + [32] + lowered(UnsafeBufferPointer(rebasing: trimmed(next).prefix(300))))
    }

    private static func endsRussian(_ text: [UInt8]) -> Bool {
        russianEnds.contains { text.suffix($0.count).elementsEqual($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// In lower case and with plain blanks: French programs write ones before a colon that keep it on its line.
    private static func lowered(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let lower = Array(String(decoding: line, as: UTF8.self).lowercased().utf8)
        guard lower.contains(where: { $0 == 0xC2 || $0 == 0xE2 }) else { return lower }
        var plain: [UInt8] = []
        plain.reserveCapacity(lower.count)
        var rest = lower[...]
        while let byte = rest.first {
            let blank = wideBlanks.first { rest.starts(with: $0) }
            plain.append(blank == nil ? byte : 32)
            rest = rest.dropFirst(blank?.count ?? 1)
        }
        while plain.last == 32 { plain.removeLast() }
        return plain
    }

    /// Whether one of the texts below begins with the byte, which has the bit set that tells small letters from capitals.
    private static let isFirstByte: [Bool] = {
        let firstBytes = Set((separators + headStarts + introductions.map(\.start)).map { $0[0] | 0x20 })
        return (UInt8.min...UInt8.max).map(firstBytes.contains)
    }()

    private static let separators = [
        "-----original message", "----- original message", "________________________________", "-----原始邮件",
        "----- 原始邮件", "------------------ 原始邮件", "-----ursprüngliche nachricht", "---------- forwarded message",
        "---------- 转发", "-----message d'origine", "-------- original message", "-------- forwarded message",
    ].map { Array($0.utf8) }

    private static let headStarts = [
        "from:", "von:", "de :", "de:", "da:", "от:", "发件人:", "发件人：", "寄件者:", "差出人:",
    ].map { Array($0.utf8) }
    private static let headSeconds = [
        "sent:", "date:", "to:", "gesendet:", "envoyé :", "envoyé:", "date :", "inviato:", "enviado:", "enviado el:",
        "enviado em:", "enviada em:", "data:", "отправлено:", "дата:", "发送时间:", "发送时间：", "日期:", "日期：",
        "寄件日期:", "送信日時:",
    ].map { Array($0.utf8) }

    private static let introductions: [(start: [UInt8], end: [UInt8])] = [
        ("on ", "wrote:"), ("at 2", "wrote:"), ("am ", "schrieb:"), ("le ", "a écrit :"), ("le ", "a écrit:"),
        ("el ", "escribió:"), ("il ", "ha scritto:"), ("em ", "escreveu:"), ("no dia ", "escreveu:"),
        ("在", "写道："), ("在", "写道:"), ("于", "写道："), ("于", "写道:"), ("2", "写道："), ("2", "写道:"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    private static let datedStarts = ["> 于2", ">于2", "> 於 2", "> 於2"].map { Array($0.utf8) }
    private static let datedEnds = ["写道：", "写道:", "寫道：", "寫道:"].map { Array($0.utf8) }
    private static let russianEnds = [">:", " пишет:", " написал:", " написала:", " написал(а):"].map {
        Array($0.utf8)
    }
    /// U+00A0 and U+202F, which keep words together.
    private static let wideBlanks: [[UInt8]] = [[0xC2, 0xA0], [0xE2, 0x80, 0xAF]]
    private static let germanStart = Array("am ".utf8)
    private static let germanVerb = Array(" schrieb ".utf8)
}
