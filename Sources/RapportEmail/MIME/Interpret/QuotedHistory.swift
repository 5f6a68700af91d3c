/// Tells what a person wrote from what the mail program quoted below or above it.
package enum QuotedHistory {
    /// The text without quoted lines, the line that introduces them, forwarded originals and the signature.
    ///
    /// Cautious: when nothing would be left, it is the text as it is.
    package static func newText(of text: String) -> String {
        var kept: [Substring.UTF8View] = []
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let bare = trimmed(line)
            if endsNewText(bare, next: index + 1 < lines.count ? trimmed(lines[index + 1]) : nil)
                || line.elementsEqual("-- ".utf8)
            {
                break
            }
            if bare.first == UInt8(ascii: ">") || bare.first == UInt8(ascii: "|") && !kept.isEmpty { continue }
            kept.append(line)
        }
        let result = trimmed(Substring(kept.map { String(Substring($0)) }.joined(separator: "\n")).utf8)
        return String(Substring(result.isEmpty ? trimmed(Substring(text).utf8) : result))
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var rest = text.drop { $0 <= 0x20 }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }

    /// Whether everything from this line on is history.
    private static func endsNewText(_ line: Substring.UTF8View, next: Substring.UTF8View?) -> Bool {
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

    private static func lowered(_ line: Substring.UTF8View) -> [UInt8] {
        Array(String(Substring(line)).lowercased().utf8)
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
