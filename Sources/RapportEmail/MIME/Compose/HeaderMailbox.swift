import CGMime

/// A mailbox with its display name, checked so that it can stand in a header and in an envelope.
struct HeaderMailbox: Hashable, Sendable {
    let address: String
    let name: String?
    /// The field's value: the name quoted or encoded as it needs.
    let text: String

    /// `nil` when the address can't be one: no `@`, control characters, blanks outside quotes, too long.
    init?(address: String, name: String? = nil) {
        guard Self.isSound(address) else { return nil }
        self.address = address
        let name = name?.trimmingBlanks ?? ""
        self.name = name.isEmpty ? nil : name
        text = name.isEmpty ? "<\(address)>" : "\(Self.written(name)) <\(address)>"
    }

    /// Reads `Rapport <news@example.com>`; `nil` unless there is exactly one mailbox in it.
    init?(parsing text: String) {
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        GMimeLibrary.start()
        guard let list = internet_address_list_parse(nil, text) else { return nil }
        defer { rapport_gmime_unref(list) }
        guard internet_address_list_length(list) == 1, let first = internet_address_list_get_address(list, 0),
            rapport_gmime_is_mailbox(first) != 0,
            let address = internet_address_mailbox_get_idn_addr(rapport_gmime_mailbox(first))
        else { return nil }
        self.init(
            address: String(cString: address), name: internet_address_get_name(first).map { String(cString: $0) })
    }

    /// Whether letters outside ASCII stand before the `@`, so that only SMTPUTF8 can carry it (RFC 6531).
    var needsUTF8: Bool { address.utf8.contains { $0 >= 0x80 } }

    private static func written(_ name: String) -> String {
        if name.utf8.allSatisfy(isAtomic) { return name }
        if EncodedWords.isNeeded(for: name) { return EncodedWords.encode(name).joined(separator: " ") }
        let quoted = name.unicodeScalars.map { scalar in
            scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : scalar.value < 0x20 ? " " : String(scalar)
        }
        return "\"\(quoted.joined())\""
    }

    private static func isSound(_ address: String) -> Bool {
        let address = address.utf8
        guard (3...320).contains(address.count), let at = address.lastIndex(of: UInt8(ascii: "@")),
            at > address.startIndex, address.index(after: at) < address.endIndex
        else { return false }
        let isQuoted = address.first == UInt8(ascii: "\"")
        return address.allSatisfy { byte in
            byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";")
                || isQuoted && byte >= 0x20 && byte != 0x7F
        }
    }

    private static func isAtomic(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "'"), UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "+"):
            true
        default: false
        }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmingBlanks: String {
        var bytes = Substring(self).utf8
        while let first = bytes.first, Self.isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, Self.isBlank(last) { bytes.removeLast() }
        let plain = Substring(bytes)
        // Only what is not ASCII needs a look at characters.
        guard let first = bytes.first, let last = bytes.last, first > 0x7F || last > 0x7F else { return String(plain) }
        var rest = plain.drop { $0.isWhitespace }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
