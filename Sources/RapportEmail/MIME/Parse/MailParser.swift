import CGMime
import Crypto
import RapportCore

/// Reads mails of any form (RFC 5322, MIME and what programs make of them) with GMime, within `MailLimits`.
///
/// Pure, and safe to call from many threads: every GMime object lives inside one call.
package struct MailParser: Sendable {
    package var limits: MailLimits

    package init(limits: MailLimits = MailLimits()) {
        self.limits = limits
    }

    /// - Returns: `nil` when the bytes are no mail at all: not one header field that mails have, or too long.
    package func parse(_ bytes: [UInt8], envelope: MailEnvelope = MailEnvelope()) -> ParsedMail? {
        guard bytes.count <= limits.bytes else { return nil }
        return bytes.withUnsafeBufferPointer { whole in
            let message = Self.withoutPreliminaries(whole)
            let usable = StructureBound.usableLength(message, limits: limits)
            return parse(message, usable: usable, envelope: envelope)
        }
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, usable: Int, envelope: MailEnvelope) -> ParsedMail? {
        GMimeLibrary.start()
        let stream = bytes.withMemoryRebound(to: CChar.self) { chars in
            g_mime_stream_mem_new_with_buffer(chars.baseAddress, usable)
        }
        guard let stream, let parser = g_mime_parser_new_with_stream(stream) else { return nil }
        defer {
            rapport_gmime_unref(parser)
            rapport_gmime_unref(stream)
        }
        let options = Self.makeOptions()
        defer { g_mime_parser_options_free(options) }
        guard let message = g_mime_parser_construct_message(parser, options) else { return nil }
        let object = rapport_gmime_object(message)
        defer { rapport_gmime_unref(object) }
        return read(message, object, bytes: bytes, envelope: envelope)
    }

    private func read(
        _ message: UnsafeMutablePointer<GMimeMessage>, _ object: UnsafeMutablePointer<GMimeObject>,
        bytes: UnsafeBufferPointer<UInt8>, envelope: MailEnvelope
    ) -> ParsedMail? {
        let body = g_mime_message_get_mime_part(message)
        let hints = body.map(Self.charsets) ?? []
        let header = HeaderDecoder(charsets: CharsetDecoder(hints: hints), limits: limits)
        let raw = PartReader.rawFields(of: object, header: header)
        // GMime keeps the fields that describe the body with the body.
        let described = body.map { PartReader.rawFields(of: $0, header: header) } ?? []
        guard (raw + described).contains(where: { Self.knownFields.contains($0.name) }) else { return nil }

        var reader = PartReader(header: header, limits: limits)
        let text = body.map { reader.read($0) }?.shown(limit: limits.textBytes)
        let subject = raw.first("subject").map(header.text)
        var envelope = envelope
        if envelope.sender == nil { envelope.sender = raw.first("return-path").map(Self.path) }
        let mailboxes = { (name: String) in
            Array(raw.all(name).flatMap(header.mailboxes).prefix(limits.mailboxes))
        }
        return ParsedMail(
            envelope: envelope, fields: raw.map { MailField($0.name, header.text($0.value)) },
            from: mailboxes("from"), sender: mailboxes("sender"), replyTo: mailboxes("reply-to"),
            to: mailboxes("to"), cc: mailboxes("cc"), date: raw.first("date").flatMap(header.date), subject: subject,
            messageID: raw.first("message-id").flatMap { header.messageIDs($0).first },
            inReplyTo: raw.first("in-reply-to").map(header.messageIDs) ?? [],
            references: raw.first("references").map(header.messageIDs) ?? [], text: text,
            attachments: reader.attachments, mediaType: body.map(PartReader.mediaType) ?? "text/plain",
            report: reader.report, enclosed: reader.enclosed, bodyDigest: Self.digest(ofBodyIn: bytes))
    }

    /// Charsets that the outermost parts declare: those of raw header text are likely among them.
    private static func charsets(_ object: UnsafeMutablePointer<GMimeObject>) -> [String] {
        var objects = [object]
        if rapport_gmime_is_multipart(object) != 0 {
            let multipart = rapport_gmime_multipart(object)
            objects = (0..<min(g_mime_multipart_get_count(multipart), 4)).compactMap {
                g_mime_multipart_get_part(multipart, $0)
            }
        }
        return objects.compactMap { g_mime_object_get_content_type_parameter($0, "charset") }
            .compactMap { CharsetName.canonical(String(cString: $0)) }
    }

    /// Names of attachments in raw 8-bit text are read by GMime itself, as the first of these that fits.
    private static func makeOptions() -> OpaquePointer? {
        let options = g_mime_parser_options_new()
        "utf-8".withCString { utf8 in
            "gb18030".withCString { chinese in
                "windows-1252".withCString { western in
                    var names: [UnsafePointer<CChar>?] = [utf8, chinese, western, nil]
                    g_mime_parser_options_set_fallback_charsets(options, &names)
                }
            }
        }
        return options
    }

    /// A `From ` line of a mailbox file, a byte order mark and empty lines may stand before the header.
    private static func withoutPreliminaries(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while let first = rest.first, first == 10 || first == 13 { rest = rest.dropFirst() }
        if rest.starts(with: "From ".utf8), let end = rest.firstIndex(of: 10) { rest = rest[(end + 1)...] }
        return UnsafeBufferPointer(rebasing: rest)
    }

    private static func digest(ofBodyIn bytes: UnsafeBufferPointer<UInt8>) -> String {
        var start = 0
        while start < bytes.count, let end = bytes[start...].firstIndex(of: 10) {
            let isEmpty = end == start || (end == start + 1 && bytes[start] == 13)
            start = end + 1
            if isEmpty { break }
        }
        let body = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[min(start, bytes.count)...]))
        return SHA256.hash(data: body).prefix(8).hexadecimal
    }

    /// `<a@b>` without its brackets.
    private static func path(_ value: String) -> String {
        guard let start = value.firstIndex(of: "<") else { return value.trimmingBlanks }
        return String(value[value.index(after: start)...].prefix { $0 != ">" }).trimmingBlanks
    }

    private static let knownFields: Set<String> = [
        "from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "sender", "reply-to",
        "mime-version", "content-type", "delivered-to", "in-reply-to", "references",
    ]
}
