import CGMime

/// The fields that describe an attachment; names outside ASCII by RFC 2231.
enum AttachmentFields {
    static func text(type: String, name: String) -> String {
        GMimeLibrary.start()
        let (media, subtype) = split(type)
        let name = shown(name)
        guard let contentType = g_mime_content_type_new(media, subtype),
            let disposition = g_mime_content_disposition_new()
        else { return "Content-Type: application/octet-stream\nContent-Disposition: attachment\n" }
        defer {
            rapport_gmime_unref(UnsafeMutableRawPointer(contentType))
            rapport_gmime_unref(UnsafeMutableRawPointer(disposition))
        }
        g_mime_content_disposition_set_disposition(disposition, "attachment")
        if !name.isEmpty {
            g_mime_content_type_set_parameter(contentType, "name", name)
            g_mime_content_disposition_set_parameter(disposition, "filename", name)
        }
        return "Content-Type:" + taken(g_mime_content_type_encode(contentType, nil))
            + "Content-Disposition:" + taken(g_mime_content_disposition_encode(disposition, nil))
    }

    /// Composite types may not be encoded (RFC 2045, section 6.4), so those go as plain bytes, as does a malformed one.
    private static func split(_ type: String) -> (String, String) {
        let parts = type.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isToken) }),
            parts[0] != "message", parts[0] != "multipart"
        else { return ("application", "octet-stream") }
        return (String(parts[0]), String(parts[1]))
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The last component of a path, without control characters, of a length that every file system takes.
    private static func shown(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        let clean = last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        var short = String(String.UnicodeScalarView(clean)).prefix(200)
        while short.utf8.count > 240 { short.removeLast() }
        return String(short)
    }

    /// The text of a string that GMime gave us, which is freed; it ends in a line feed.
    private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String {
        guard let text else { return "\n" }
        defer { g_free(text) }
        let value = String(cString: text)
        return value.hasSuffix("\n") ? value : value + "\n"
    }
}
