import CGMime
import Glibc
import RapportChannels

/// Walks over the parts of a parsed mail and collects what is read of it.
struct PartReader {
    /// What a part says to a reader.
    struct Content {
        var plain: String?
        var html: String?

        /// The plain text, unless it is blank, else what the HTML says.
        func shown(limit: Int) -> String? {
            if let plain, !plain.allSatisfy(\.isWhitespace) { return plain }
            return html.map { HTMLText.text($0, limit: limit) } ?? plain
        }
    }

    var header: HeaderDecoder
    var limits: MailLimits
    private(set) var attachments: [ParsedMail.Attachment] = []
    private(set) var report: MailReport?
    private(set) var enclosed: [MailField] = []
    private var parts = 0

    init(header: HeaderDecoder, limits: MailLimits) {
        self.header = header
        self.limits = limits
    }

    mutating func read(_ object: UnsafeMutablePointer<GMimeObject>, depth: Int = 0) -> Content {
        parts += 1
        guard depth <= limits.depth, parts <= limits.parts else { return Content() }
        if rapport_gmime_is_multipart(object) != 0 {
            return readMultipart(object, depth: depth)
        }
        if rapport_gmime_is_message_part(object) != 0 {
            readEnclosed(object)
            return Content()
        }
        return rapport_gmime_is_part(object) != 0 ? readLeaf(object) : Content()
    }

    /// All the parts' content one after the other; of alternatives the first plain and the last HTML.
    private mutating func readMultipart(_ object: UnsafeMutablePointer<GMimeObject>, depth: Int) -> Content {
        let multipart = rapport_gmime_multipart(object)
        let isAlternative = Self.mediaType(object) == "multipart/alternative"
        var whole = Content()
        var texts: [String] = []
        var size = 0
        for index in 0..<g_mime_multipart_get_count(multipart) {
            guard parts < limits.parts, let child = g_mime_multipart_get_part(multipart, index) else { break }
            let content = read(child, depth: depth + 1)
            if isAlternative {
                whole.plain = whole.plain ?? content.plain
                whole.html = content.html ?? whole.html
            } else if size < limits.textBytes, let text = content.shown(limit: limits.textBytes), !text.isEmpty {
                size += text.utf8.count
                texts.append(text)
            }
        }
        if !texts.isEmpty { whole.plain = texts.joined(separator: "\n") }
        // With a boundary that never comes the whole body stands before it.
        if g_mime_multipart_get_count(multipart) == 0, let body = g_mime_multipart_get_prologue(multipart) {
            let bytes = UnsafeBufferPointer(start: body, count: strnlen(body, limits.textBytes))
            whole.plain = LineEnds.toLF(header.charsets.guess(bytes.map { UInt8(bitPattern: $0) }))
        }
        return whole
    }

    /// A message inside the message: its header is kept when it is the first, and it is listed, but not unpacked.
    private mutating func readEnclosed(_ object: UnsafeMutablePointer<GMimeObject>) {
        guard let message = g_mime_message_part_get_message(rapport_gmime_message_part(object)) else { return }
        let fields = Self.fields(of: rapport_gmime_object(message), header: header)
        if enclosed.isEmpty { enclosed = fields }
        list(ParsedMail.Attachment(name: fields.first("subject"), type: "message/rfc822", size: nil))
    }

    private mutating func readLeaf(_ object: UnsafeMutablePointer<GMimeObject>) -> Content {
        let part = rapport_gmime_part(object)
        let type = Self.mediaType(object)
        if Self.headerTypes.contains(type) {
            let headers = FieldLines.groups(text(of: part, object), limit: limits.fields).first ?? []
            if enclosed.isEmpty { enclosed = headers.map { MailField($0.name, header.text($0.value)) } }
            return Content()
        }
        if let kind = Self.reportKind(type) {
            let groups = FieldLines.groups(text(of: part, object), limit: limits.fields * 4)
            if report == nil, !groups.isEmpty { report = MailReport(kind: kind, groups: groups) }
            return Content()
        }
        let name = g_mime_part_get_filename(part).map { String(cString: $0) }
        let isShown = g_mime_part_is_attachment(part) == 0 && (name == nil || type == "text/plain")
        if isShown, type == "text/html" { return Content(html: text(of: part, object)) }
        if isShown, type.hasPrefix("text/"), type != "text/calendar" { return Content(plain: text(of: part, object)) }
        list(ParsedMail.Attachment(name: name.map(Self.shortened), type: type, size: bytes(of: part).count))
        return Content()
    }

    private mutating func list(_ attachment: ParsedMail.Attachment) {
        if attachments.count < limits.parts { attachments.append(attachment) }
    }

    private func text(of part: UnsafeMutablePointer<GMimePart>, _ object: UnsafeMutablePointer<GMimeObject>) -> String {
        let declared = g_mime_object_get_content_type_parameter(object, "charset").map { String(cString: $0) }
        let bytes = bytes(of: part)
        let cut = bytes.count > limits.textBytes ? Array(bytes.prefix(limits.textBytes)) : bytes
        return LineEnds.toLF(header.charsets.text(cut, declared: declared))
    }

    /// The content without its transfer encoding.
    private func bytes(of part: UnsafeMutablePointer<GMimePart>) -> [UInt8] {
        guard let content = g_mime_part_get_content(part), let stream = g_mime_stream_mem_new() else { return [] }
        defer { rapport_gmime_unref(stream) }
        guard g_mime_data_wrapper_write_to_stream(content, stream) >= 0,
            let array = g_mime_stream_mem_get_byte_array(rapport_gmime_stream_mem(stream)),
            let data = array.pointee.data
        else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(array.pointee.len)))
    }

    /// A type whose name is none is an unknown one, and those are `application/octet-stream` (RFC 2049, section 2).
    static func mediaType(_ object: UnsafeMutablePointer<GMimeObject>) -> String {
        guard let type = g_mime_object_get_content_type(object), let text = g_mime_content_type_get_mime_type(type)
        else { return "text/plain" }
        defer { g_free(text) }
        return MailToken.mediaType(String(cString: text)) ?? "application/octet-stream"
    }

    /// The fields of a message or part, decoded but for those that are read as addresses later.
    static func fields(of object: UnsafeMutablePointer<GMimeObject>, header: HeaderDecoder) -> [MailField] {
        rawFields(of: object, header: header).map { MailField($0.name, header.text($0.value)) }
    }

    /// A field whose name is none is left out.
    static func rawFields(of object: UnsafeMutablePointer<GMimeObject>, header: HeaderDecoder) -> [MailField] {
        guard let list = g_mime_object_get_header_list(object) else { return [] }
        let count = min(Int(g_mime_header_list_get_count(list)), header.limits.fields)
        return (0..<count).compactMap { index in
            guard let field = g_mime_header_list_get_header_at(list, Int32(index)),
                let text = g_mime_header_get_name(field), let value = g_mime_header_get_raw_value(field),
                let name = MailToken.field(String(cString: text))
            else { return nil }
            return MailField(name, header.raw(value).trimmingBlanks)
        }
    }

    /// RFC 6522, section 4, and names that programs give it by mistake.
    private static let headerTypes: Set<String> = [
        "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers", "message/global-headers",
    ]

    private static func reportKind(_ type: String) -> MailReport.Kind? {
        switch type {
        case "message/delivery-status", "message/global-delivery-status": .deliveryStatus
        case "message/disposition-notification", "message/global-disposition-notification": .dispositionNotification
        case "message/feedback-report": .feedback
        default: nil
        }
    }

    private static func shortened(_ name: String) -> String {
        String(name.unicodeScalars.filter { $0.value >= 0x20 }.prefix(200).map(Character.init)).streamSafe
    }
}
