package import RapportChannels
package import RapportCore

/// One CloudEvent (CloudEvents 1.0.2) with its context checked, whatever mode it came in.
package struct CloudEvent: Hashable, Sendable {
    package let id: String
    package let source: String
    package let type: String
    package let time: Timestamp?
    package let subject: String?
    /// The whole event as the JSON format writes it (structured mode); what a mapping's pointers look into.
    package let json: JSONValue
    /// What is kept of it: in structured mode the bytes as they came. In binary mode the headers in the JSON format, with
    /// the body as `data`: the bytes as they came when they are JSON, else a string or Base64 that gives them exactly.
    package let bytes: [UInt8]

    /// Structured mode (JSON event format 1.0.2, section 3).
    /// - Parameter bytes: what the value was read from.
    /// - Throws: `malformed` with the pointer of the attribute.
    package init(structured value: JSONValue, bytes: [UInt8], at place: String) throws(InboundRejection) {
        guard case .object(let members) = value else {
            throw InboundRejection(.malformed, "\(place.isEmpty ? "the whole" : place): expected an object")
        }
        try self.init(members: members, bytes: bytes) { name, expectation in
            InboundRejection(.malformed, "\(place)/\(name): expected \(expectation)")
        }
    }

    /// Binary mode (HTTP protocol binding 1.0.2, section 3.1): the context in `ce-` headers, percent-encoded, the data
    /// as the body.
    /// - Throws: `malformed` with the header, or the place in the body.
    package init(binary request: InboundRequest) throws(InboundRejection) {
        var members: [JSONValue.Member] = []
        for (name, value) in request.headers where name.hasPrefix("ce-") {
            let attribute = String(name.dropFirst(3))
            guard let bytes = try? PercentCoding.decode(Array(Self.unquoted(value).utf8), plusIsSpace: false),
                let text = String(validating: bytes, as: UTF8.self)
            else { throw InboundRejection(.malformed, "header \(name): expected percent-encoded UTF-8") }
            guard !members.contains(where: { $0.name == attribute }) else {
                throw InboundRejection(.malformed, "header \(name): given twice")
            }
            members.append(JSONValue.Member(attribute, .string(text.storable)))
        }
        var bytes = Array(JSONValue.object(members).text.utf8)
        if !request.body.isEmpty {
            let data = try Self.data(of: request)
            members.append(JSONValue.Member("datacontenttype", .string(request.mediaType)))
            members.append(data.member)
            let type = JSONValue.string(request.header("content-type") ?? "").text
            bytes.removeLast()
            bytes += "\(bytes.count > 1 ? "," : "")\"datacontenttype\":\(type),\"\(data.member.name)\":".utf8
            bytes += data.bytes + Array("}".utf8)
        }
        try self.init(members: members, bytes: bytes) { name, expectation in
            InboundRejection(.malformed, "header ce-\(name): expected \(expectation)")
        }
    }

    /// The body as a member of the JSON format (section 3.1.1 there), and the JSON that gives its bytes exactly.
    private static func data(
        of request: InboundRequest
    ) throws(InboundRejection) -> (member: JSONValue.Member, bytes: [UInt8]) {
        let type = request.mediaType
        if type == "application/json" || type.hasSuffix("+json") || type.isEmpty {
            return (JSONValue.Member("data", try JSONReader.read(request.body)), request.body)
        }
        if let text = String(validating: request.body, as: UTF8.self) {
            return (JSONValue.Member("data", .string(text.storable)), Array(JSONValue.string(text).text.utf8))
        }
        let text = JSONValue.string(request.body.base64)
        return (JSONValue.Member("data_base64", text), Array(text.text.utf8))
    }

    /// A value in double quotes stands for what is in them, without the backslashes that escape (section 3.1.3.2).
    private static func unquoted(_ value: String) -> String {
        guard value.utf8.count >= 2, value.first == "\"", value.last == "\"" else { return value }
        var plain = ""
        var isEscaped = false
        for character in value.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                plain.append(character)
                isEscaped = false
            }
        }
        return plain
    }

    private init(
        members: [JSONValue.Member], bytes: [UInt8], failure: (String, String) -> InboundRejection
    ) throws(InboundRejection) {
        // Null is the same as absent (JSON format, section 2.2).
        let present = members.filter { !$0.value.isNull }
        func attribute(_ name: String) throws(InboundRejection) -> String? {
            guard let value = present.first(where: { $0.name == name })?.value else { return nil }
            guard let text = value.string, !text.isEmpty, text.utf8.count <= 2000 else {
                throw failure(name, "a string that is not empty")
            }
            return text
        }
        func required(_ name: String) throws(InboundRejection) -> String {
            guard let text = try attribute(name) else { throw failure(name, "a string that is not empty") }
            return text
        }
        guard try required("specversion") == "1.0" else { throw failure("specversion", "1.0") }
        id = try required("id")
        source = try required("source")
        type = try required("type")
        subject = try attribute("subject")
        if let text = try attribute("time") {
            guard let time = Timestamp(rfc3339: text) else {
                throw failure("time", "an instant such as 2026-03-28T22:30:00Z")
            }
            self.time = time
        } else {
            time = nil
        }
        for member in present where member.name != "data" && member.name != "data_base64" {
            guard member.name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) }),
                member.value.scalarText != nil
            else { throw failure(member.name, "lower-case letters and digits with a plain value") }
        }
        if present.contains(where: { $0.name == "data_base64" }) {
            guard present.first(where: { $0.name == "data_base64" })?.value.string != nil,
                !present.contains(where: { $0.name == "data" })
            else { throw failure("data_base64", "a string, and no data beside it") }
        }
        json = .object(present)
        self.bytes = bytes
    }

    /// The interaction: id, time, kind and subject from the context, the rest by the mapping.
    ///
    /// Source and id together name an event (CloudEvents 1.0.2, section 3.1.1); a source holds no spaces.
    package func event(_ mapping: WebhookMapping) throws(InboundRejection) -> InboundEvent {
        var rest = mapping
        rest.id = nil
        rest.time = nil
        rest.kind = nil
        var event = try rest.event(from: json, at: "")
        event.kind = mapping.kinds[type] ?? .event(type)
        event.sourceID = "\(source) \(id)"
        event.occurredAt = time
        event.subject = event.subject ?? subject
        event.attributes["source"] = event.attributes["source"] ?? source
        event.payload = Interaction.Payload(type: "application/cloudevents+json", bytes: bytes)
        return event
    }
}
