import CGMime
import RapportChannels
import RapportCore

/// Reads header fields as they came: raw 8-bit text, encoded words, addresses, Message-IDs, dates.
struct HeaderDecoder {
    var charsets = CharsetDecoder()
    var limits: MailLimits

    /// Unfolded, in UTF-8, encoded words still in place but repaired.
    func raw(_ value: UnsafePointer<CChar>) -> String {
        var bytes: [UInt8] = []
        var next = value
        while next.pointee != 0, bytes.count < limits.fieldBytes {
            let byte = UInt8(bitPattern: next.pointee)
            if byte != 10 && byte != 13 { bytes.append(byte) }
            next += 1
        }
        let isPlain = !bytes.contains { $0 >= 0x80 || $0 == 0x1B }
        let text = isPlain ? String(decoding: bytes, as: UTF8.self) : charsets.guess(bytes)
        return EncodedWordRepair(charsets: charsets).repaired(text)
    }

    func text(_ raw: String) -> String {
        guard raw.mayHoldEncodedWords, let decoded = g_mime_utils_header_decode_text(nil, raw) else {
            return Self.clean(raw)
        }
        defer { g_free(decoded) }
        return Self.clean(String(cString: decoded))
    }

    func mailboxes(_ raw: String) -> [ParsedMail.Mailbox] {
        guard let list = internet_address_list_parse(nil, raw) else { return [] }
        defer { rapport_gmime_unref(list) }
        var found: [ParsedMail.Mailbox] = []
        collect(list, into: &found, depth: 0)
        return found
    }

    private func collect(_ list: OpaqueAddressList, into found: inout [ParsedMail.Mailbox], depth: Int) {
        for index in 0..<internet_address_list_length(list) where found.count < limits.mailboxes {
            guard let entry = internet_address_list_get_address(list, index) else { continue }
            if rapport_gmime_is_mailbox(entry) != 0 {
                guard let address = internet_address_mailbox_get_addr(rapport_gmime_mailbox(entry)) else { continue }
                let name = internet_address_get_name(entry).map { Self.clean(String(cString: $0)) }
                let text = Self.clean(String(cString: address))
                guard text.contains("@") else { continue }
                found.append(ParsedMail.Mailbox(address: text, name: name.flatMap { $0.isEmpty ? nil : $0 }))
            } else if depth < 3, rapport_gmime_is_group(entry) != 0,
                let members = internet_address_group_get_members(rapport_gmime_group(entry))
            {
                collect(members, into: &found, depth: depth + 1)
            }
        }
    }

    private typealias OpaqueAddressList = UnsafeMutablePointer<InternetAddressList>

    /// The Message-IDs of a field, each with its angle brackets. A bare one is taken when there is no other.
    func messageIDs(_ raw: String) -> [String] {
        var ids: [String] = []
        var rest = raw.utf8[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")), ids.count < 100 {
            rest = rest[rest.index(after: start)...]
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { break }
            let inside = Substring(rest[..<end])
            // Nearly always there is nothing to leave out.
            let isPlain = inside.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
            let id = isPlain ? String(inside) : inside.filter { !$0.isWhitespace }
            if (3...998).contains(id.utf8.count) { ids.append("<\(id)>") }
            rest = rest[rest.index(after: end)...]
        }
        if ids.isEmpty {
            let bare = raw.trimmingBlanks
            if bare.contains("@"), bare.utf8.count <= 998, !bare.contains(where: { $0.isWhitespace || $0 == "<" }) {
                ids.append("<\(bare)>")
            }
        }
        return ids
    }

    func date(_ raw: String) -> Timestamp? {
        guard let date = g_mime_utils_header_decode_date(raw) else { return nil }
        defer { g_date_time_unref(date) }
        let moment = Timestamp(seconds: Int64(g_date_time_to_unix(date)))
        return (0..<253_402_300_800).contains(moment.seconds) ? moment : nil
    }

    private static func clean(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.trimmingBlanks }
        let scalars = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(scalars)).streamSafe.trimmingBlanks
    }
}

extension String {
    /// Whether `=?` stands in it, with which every encoded word begins (RFC 2047, section 2).
    var mayHoldEncodedWords: Bool {
        var previous: UInt8 = 0
        for byte in utf8 {
            if previous == UInt8(ascii: "="), byte == UInt8(ascii: "?") { return true }
            previous = byte
        }
        return false
    }
}
