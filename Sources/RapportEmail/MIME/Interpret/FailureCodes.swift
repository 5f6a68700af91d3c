/// Status codes (RFC 3463) in the words of bounces, and what they say of an address.
enum FailureCodes {
    /// The first code such as `5.1.1` in the text; parts of IP addresses and versions don't count.
    static func first(in text: String) -> String? {
        for word in text.utf8.split(whereSeparator: { !isDigit($0) && $0 != UInt8(ascii: ".") }) {
            let digits = Substring(word)
            let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
            let code = parts.last?.isEmpty == true ? parts.dropLast() : parts[...]
            if isCode(Array(code)) { return code.joined(separator: ".") }
        }
        return nil
    }

    private static func isCode(_ parts: [Substring]) -> Bool {
        guard parts.count == 3, let subject = Int(parts[1]), subject <= 7, Int(parts[2]) != nil else { return false }
        return ["2", "4", "5"].contains(parts[0]) && parts[1].utf8.count == 1 && parts[2].utf8.count <= 3
    }

    /// The first reply code of SMTP that refuses: `550`.
    static func reply(in text: String) -> String? {
        let words = text.utf8.split { !isDigit($0) && !isWordPart($0) }
        return words.first(where: isReply).map { String(Substring($0)) }
    }

    private static func isReply(_ word: Substring.UTF8View) -> Bool {
        guard word.count == 3, word.allSatisfy(isDigit), let code = Int(Substring(word)) else { return false }
        return (400...459).contains(code) || (500...559).contains(code)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// What a number may stand inside of without being one: words, domains, addresses, serial numbers.
    private static func isWordPart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte >= 0x80
            || [UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-"), UInt8(ascii: "/")].contains(byte)
    }

    /// Whether the address must not be used again: unknown, moved, of a domain without mail, disabled.
    ///
    /// A full mailbox (x.2.2), a policy or a reputation (x.7.x) and everything temporary say nothing of the address. The
    /// words decide where the code is a general one.
    static func addressIsBad(code: String?, words: String) -> Bool {
        guard let code else { return DeliveryWords.nameUnknownAddress(words) }
        let parts = code.split(separator: ".")
        guard parts.count == 3, parts[0] == "5" else { return false }
        switch (parts[1], parts[2]) {
        case ("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1"): return true
        case ("0", _), ("1", "0"), ("2", "0"), ("5", "0"), ("3", "0"): return DeliveryWords.nameUnknownAddress(words)
        default: return false
        }
    }
}

/// Phrases in which servers put the reasons that codes leave open.
enum DeliveryWords {
    static func nameUnknownAddress(_ text: String) -> Bool {
        let text = text.lowercased()
        return unknown.contains { text.contains($0) } && !nameFullMailbox(text)
    }

    static func nameFullMailbox(_ text: String) -> Bool {
        let text = text.lowercased()
        return full.contains { text.contains($0) }
    }

    private static let unknown = [
        "user unknown", "unknown user", "no such user", "recipient unknown", "unknown recipient", "user doesn't exist",
        "user does not exist", "account does not exist", "address does not exist", "doesn't have a yahoo",
        "not listed in",
        "invalid address", "invalid recipient", "no mailbox here", "mailbox not found", "no such mailbox",
        "mailbox unavailable or not found", "account has been disabled", "user not found", "recipient not found",
        "no such recipient", "用户不存在", "收件人不存在",
    ]

    private static let full = [
        "mailbox is full", "mailbox full", "over quota", "quota exceeded", "exceeded its quota", "insufficient disk",
        "メールボックスが一杯", "邮箱已满",
    ]
}
