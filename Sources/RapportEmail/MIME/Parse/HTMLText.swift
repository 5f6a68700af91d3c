import RapportChannels

/// Turns HTML into text that reads well enough: block elements end lines, quotations get `> `, the rest is dropped.
///
/// One pass over the input, no tree, so that no nesting can exhaust anything. What it makes is never shown as HTML.
struct HTMLText {
    private var out: [UInt8] = []
    private let limit: Int
    private var atLineStart = true
    private var pendingSpace = false
    private var quoteDepth = 0
    /// Set inside elements whose content is not for reading.
    private var hiddenUntil: String?

    static func text(_ html: String, limit: Int) -> String {
        var converter = HTMLText(limit: limit)
        converter.run(html)
        // Marks that tags kept apart, or that were written as entities, stand on one character now.
        return String(decoding: converter.out, as: UTF8.self).streamSafe.trimmingBlanks
    }

    private init(limit: Int) {
        self.limit = limit
    }

    private mutating func run(_ html: String) {
        var html = html
        html.withUTF8 { bytes in
            var index = 0
            while index < bytes.count, out.count < limit {
                switch bytes[index] {
                case UInt8(ascii: "<"): index = element(bytes, at: index)
                case UInt8(ascii: "&") where hiddenUntil == nil: index = entity(bytes, at: index)
                default:
                    if hiddenUntil == nil { put(bytes[index]) }
                    index += 1
                }
            }
        }
    }

    /// Reads a tag or comment; returns where the text goes on.
    private mutating func element(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        if bytes[start...].starts(with: "<!--".utf8) { return Self.endOfComment(bytes, from: start + 4) }
        let isEnd = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "/")
        let nameStart = start + (isEnd ? 2 : 1)
        guard nameStart < bytes.count, Self.startsTag(bytes[nameStart]), isEnd || hiddenUntil == nil else {
            if hiddenUntil == nil { put(bytes[start]) }
            return start + 1
        }
        var end = nameStart
        while end < bytes.count, Self.isNamePart(bytes[end]), end - nameStart < 20 { end += 1 }
        let name = String(decoding: bytes[nameStart..<end], as: UTF8.self).lowercased()
        while end < bytes.count, bytes[end] != UInt8(ascii: ">") { end += 1 }
        apply(name, isEnd: isEnd)
        return min(end + 1, bytes.count)
    }

    private mutating func apply(_ name: String, isEnd: Bool) {
        if let hidden = hiddenUntil {
            if isEnd && name == hidden { hiddenUntil = nil }
            return
        }
        switch name {
        case "script", "style", "title", "template": if !isEnd { hiddenUntil = name }
        case "br": newLine(always: true)
        case "blockquote":
            newLine(always: false)
            quoteDepth = isEnd ? max(0, quoteDepth - 1) : min(quoteDepth + 1, 10)
        case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "hr":
            newLine(always: false)
            if isEnd { newLine(always: true) }
        case "div", "tr", "section", "article", "header", "footer", "address", "dl", "dt", "dd": newLine(always: false)
        case "li":
            newLine(always: false)
            if !isEnd { "- ".utf8.forEach { put($0) } }
        case "td", "th": if isEnd { put(UInt8(ascii: " ")) }
        default: break
        }
    }

    private mutating func put(_ byte: UInt8) {
        if byte == 32 || (9...13).contains(byte) {
            pendingSpace = !atLineStart
            return
        }
        if atLineStart, quoteDepth > 0 {
            for _ in 0..<quoteDepth { out.append(UInt8(ascii: ">")) }
            out.append(32)
        }
        if pendingSpace { out.append(32) }
        pendingSpace = false
        atLineStart = false
        out.append(byte)
    }

    private mutating func newLine(always: Bool) {
        guard always || !atLineStart else { return }
        // More than one empty line says nothing.
        if out.suffix(2).elementsEqual([10, 10]) { return }
        pendingSpace = false
        atLineStart = true
        out.append(10)
    }

    private mutating func entity(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        let body = bytes[(start + 1)...].prefix(12).prefix { $0 != UInt8(ascii: ";") && $0 > 32 && $0 < 0x80 }
        let isClosed = body.endIndex < bytes.count && bytes[body.endIndex] == UInt8(ascii: ";")
        guard isClosed, let scalar = HTMLEntity.scalar(String(decoding: body, as: UTF8.self)) else {
            put(bytes[start])
            return start + 1
        }
        (UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter).forEach { put($0) }
        return body.endIndex + 1
    }

    private static func endOfComment(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index + 2 < bytes.count {
            if bytes[index] == 45, bytes[index + 1] == 45, bytes[index + 2] == UInt8(ascii: ">") { return index + 3 }
            index += 1
        }
        return bytes.count
    }

    private static func startsTag(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") || isNamePart(byte) && byte > UInt8(ascii: "9")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// The character references that mails use.
enum HTMLEntity {
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ensp": " ", "emsp": " ",
        "thinsp": " ", "shy": "\u{AD}", "copy": "©", "reg": "®", "trade": "™", "hellip": "…", "mdash": "—",
        "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "sbquo": "‚", "bdquo": "„",
        "laquo": "«", "raquo": "»", "bull": "•", "middot": "·", "euro": "€", "pound": "£", "yen": "¥", "cent": "¢",
        "sect": "§", "para": "¶", "deg": "°", "times": "×", "divide": "÷", "auml": "ä", "ouml": "ö", "uuml": "ü",
        "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è", "ecirc": "ê",
        "agrave": "à", "aacute": "á", "acirc": "â", "ccedil": "ç", "iacute": "í", "oacute": "ó", "uacute": "ú",
        "ntilde": "ñ", "zwnj": "\u{200C}", "zwj": "\u{200D}", "rarr": "→", "larr": "←",
    ]

    /// What `&name;` stands for; `nil` for names that we don't know.
    static func scalar(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return named[name] }
        let digits = name.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        guard let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), value >= 32 else {
            return nil
        }
        return value == 0xA0 ? " " : Unicode.Scalar(value)
    }
}
