/// Tells what a person wrote from what the mail program quoted below or above it.
package enum QuotedHistory {
    /// The text without quoted lines, the line that introduces them, forwarded originals and the signature.
    ///
    /// Cautious: when nothing would be left, it is the text as it is.
    package static func newText(of text: String) -> String {
        let bytes = Array(text.utf8)
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        var kept: [UInt8] = []
        var keptLines = 0
        kept.reserveCapacity(bytes.count)
        for (index, line) in lines.enumerated() {
            let bare = trimmed(line)
            if endsNewText(bare, next: index + 1 < lines.count ? trimmed(lines[index + 1]) : nil)
                || line.elementsEqual("-- ".utf8)
            {
                break
            }
            if bare.first == UInt8(ascii: ">") || bare.first == UInt8(ascii: "|") && keptLines > 0 { continue }
            if keptLines > 0 { kept.append(10) }
            kept += line
            keptLines += 1
        }
        let result = trimmed(kept[...])
        return String(decoding: result.isEmpty ? trimmed(bytes[...]) : result, as: UTF8.self)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = text.firstIndex(where: { $0 > 0x20 }), let last = text.lastIndex(where: { $0 > 0x20 }) else {
            return []
        }
        return text[first...last]
    }

    /// Whether everything from this line on is history.
    private static func endsNewText(_ line: ArraySlice<UInt8>, next: ArraySlice<UInt8>?) -> Bool {
        // Most lines begin with none of the first letters, and lower-casing is what costs.
        guard line.count <= 300, let first = line.first, firstBytes.contains(first | 0x20) else { return false }
        let lower = lowered(line)
        if separators.contains(where: lower.starts(with:)) { return true }
        let following = next.map { lowered($0.prefix(300)) } ?? []
        // Outlook's block has no mark but its fields: From: … Sent: …
        if headStarts.contains(where: lower.starts(with:)), headSeconds.contains(where: following.starts(with:)) {
            return true
        }
        // `On …, somebody <address>` and `wrote:`, which programs also break into two lines.
        return introductions.contains { start, end in
            lower.starts(with: start)
                && (lower.suffix(end.count).elementsEqual(end) || following.suffix(end.count).elementsEqual(end))
        }
    }

    private static func lowered(_ line: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: line, as: UTF8.self).lowercased().utf8)
    }

    /// With the bit that tells small letters from capitals set.
    private static let firstBytes = Set((separators + headStarts + introductions.map(\.start)).map { $0[0] | 0x20 })

    private static let separators = [
        "-----original message", "----- original message", "________________________________", "-----原始邮件",
        "----- 原始邮件", "------------------ 原始邮件", "-----ursprüngliche nachricht", "---------- forwarded message",
        "---------- 转发", "-----message d'origine", "-------- original message", "-------- forwarded message",
    ].map { Array($0.utf8) }

    private static let headStarts = ["from:", "von:", "de :", "发件人:", "发件人：", "寄件者:", "差出人:"].map { Array($0.utf8) }
    private static let headSeconds = [
        "sent:", "date:", "to:", "gesendet:", "envoyé :", "发送时间:", "发送时间：", "日期:", "日期：", "寄件日期:", "送信日時:",
    ].map { Array($0.utf8) }

    private static let introductions: [(start: [UInt8], end: [UInt8])] = [
        ("on ", "wrote:"), ("am ", "schrieb:"), ("le ", "a écrit :"), ("le ", "a écrit:"),
        ("el ", "escribió:"), ("在", "写道："), ("在", "写道:"), ("于", "写道："), ("于", "写道:"), ("2", "写道："), ("2", "写道:"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }
}
