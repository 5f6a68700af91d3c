import CGMime
import Glibc
import RapportChannels

/// Turns bytes into text by what the mail declares, what the bytes allow and, in the end, what is likely.
struct CharsetDecoder {
    /// Canonical names that other parts of the same mail declare, the likeliest first.
    var hints: [String] = []

    /// Never fails: what can't be read becomes U+FFFD.
    ///
    /// Senders mislabel: UTF-8 is accepted under any single-byte name, because other text hardly ever happens to be
    /// UTF-8; a name that the bytes contradict is not believed.
    func text(_ bytes: [UInt8], declared: String?) -> String {
        decoded(bytes, declared: declared).streamSafe
    }

    /// For bytes that nobody labelled, or that can't be what their label says.
    func guess(_ bytes: [UInt8]) -> String {
        guessed(bytes).streamSafe
    }

    private func decoded(_ bytes: [UInt8], declared: String?) -> String {
        if let marked = Self.byteOrderMark(bytes) { return Self.lossy(Array(bytes[marked.skip...]), marked.charset) }
        let charset = declared.flatMap(CharsetName.canonical) ?? "US-ASCII"
        if charset == "US-ASCII" || charset == "UTF-8" { return guessed(bytes) }
        if CharsetName.isSingleByte(charset) {
            if let utf8 = Self.utf8(bytes) { return utf8 }
            return Self.lossy(bytes, charset)
        }
        if let utf8 = Self.utf8(bytes), Self.isSurelyUTF8(utf8) { return utf8 }
        return Self.strict(bytes, charset) ?? Self.utf8(bytes) ?? Self.lossy(bytes, charset)
    }

    private func guessed(_ bytes: [UInt8]) -> String {
        let hasEscapes = bytes.withUnsafeBufferPointer { $0.position(of: 0x1B) } != nil
        if hasEscapes, let japanese = Self.strict(bytes, "ISO-2022-JP") { return japanese }
        if let utf8 = Self.utf8(bytes) { return utf8 }
        for hint in hints where hint != "US-ASCII" && hint != "UTF-8" {
            if let text = Self.strict(bytes, hint) { return text }
        }
        if Self.looksChinese(bytes), let text = Self.strict(bytes, "GB18030") { return text }
        // A little broken UTF-8, as truncation leaves it, is still UTF-8.
        let repaired = String(decoding: bytes, as: UTF8.self)
        let lost = repaired.unicodeScalars.count { $0 == "\u{FFFD}" }
        let foreign = repaired.unicodeScalars.count { $0.value >= 0x80 }
        return foreign >= 4 * max(lost, 1) ? repaired : Self.lossy(bytes, "CP1252")
    }

    private static func byteOrderMark(_ bytes: [UInt8]) -> (charset: String, skip: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return ("UTF-8", 3) }
        if bytes.starts(with: [0xFF, 0xFE]), bytes.count % 2 == 0 { return ("UTF-16LE", 2) }
        if bytes.starts(with: [0xFE, 0xFF]), bytes.count % 2 == 0 { return ("UTF-16BE", 2) }
        return nil
    }

    private static func utf8(_ bytes: [UInt8]) -> String? {
        String(validating: bytes, as: UTF8.self)
    }

    /// Whether text that can be read as UTF-8 is too long and too regular for that to be chance: two-byte charsets of
    /// East Asia hit upon it in texts of a few characters only, and then mostly as Latin or Greek letters.
    private static func isSurelyUTF8(_ text: String) -> Bool {
        let foreign = text.unicodeScalars.count { $0.value >= 0x80 }
        let wide = text.unicodeScalars.count { $0.value >= 0x800 }
        return foreign >= 4 && wide * 2 > foreign
    }

    /// Whether the high bytes come in pairs, most of them in the rows of GB 2312 that hold common characters.
    private static func looksChinese(_ bytes: [UInt8]) -> Bool {
        var pairs = 0
        var common = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] >= 0x80 else {
                index += 1
                continue
            }
            pairs += 1
            if index + 1 < bytes.count, bytes[index + 1] >= 0xA1,
                (0xB0...0xF7).contains(bytes[index]) || (0xA1...0xA3).contains(bytes[index])
            {
                common += 1
            }
            index += 2
        }
        return pairs > 0 && common * 10 >= pairs * 7
    }

    private static func strict(_ bytes: [UInt8], _ charset: String) -> String? {
        convert(bytes, charset, repairs: false)
    }

    private static func lossy(_ bytes: [UInt8], _ charset: String) -> String {
        if charset == "UTF-8" { return String(decoding: bytes, as: UTF8.self) }
        return convert(bytes, charset, repairs: true) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// - Returns: `nil` for a charset that the system lacks and, without `repairs`, for bytes that are not of it.
    private static func convert(_ bytes: [UInt8], _ charset: String, repairs: Bool) -> String? {
        GMimeLibrary.start()
        guard let converter = g_mime_iconv_open("UTF-8", charset), converter != iconv_t(bitPattern: -1) else {
            return nil
        }
        defer { g_mime_iconv_close(converter) }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        var input = bytes.map { CChar(bitPattern: $0) }
        var chunk = [CChar](repeating: 0, count: 4096)
        var isWhole = true
        input.withUnsafeMutableBufferPointer { source in
            var next = source.baseAddress
            var left = source.count
            while left > 0 {
                let before = left
                var room = chunk.count
                let failed = chunk.withUnsafeMutableBufferPointer { target in
                    var end = target.baseAddress
                    return iconv(converter, &next, &left, &end, &room) == -1 ? errno : 0
                }
                out.append(contentsOf: chunk[..<(chunk.count - room)].lazy.map { UInt8(bitPattern: $0) })
                guard failed == EILSEQ || failed == EINVAL else {
                    if failed != 0 && failed != E2BIG || left == before && room == chunk.count { break }
                    continue
                }
                isWhole = false
                guard repairs, left > 0 else { break }
                out.append(contentsOf: [0xEF, 0xBF, 0xBD])
                next = next?.advanced(by: 1)
                left -= 1
            }
        }
        return isWhole || repairs ? String(decoding: out, as: UTF8.self) : nil
    }
}
