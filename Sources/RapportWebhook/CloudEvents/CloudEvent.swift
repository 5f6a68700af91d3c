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

    /// Structured mode (JSON event format 1.0.2, section 3).
    /// - Throws: `malformed` with the pointer of the attribute.
    package init(structured value: JSONValue, at place: String) throws(InboundRejection) {
        guard case .object(let members) = value else {
            throw InboundRejection(.malformed, "\(place.isEmpty ? "the whole" : place): expected an object")
        }
        try self.init(members: members) { name, expectation in
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
        let type = request.mediaType
        if !request.body.isEmpty {
            members.append(JSONValue.Member("datacontenttype", .string(type)))
            if type == "application/json" || type.hasSuffix("+json") || type.isEmpty {
                members.append(JSONValue.Member("data", try JSONReader.read(request.body)))
            } else if let text = String(validating: request.body, as: UTF8.self) {
                members.append(JSONValue.Member("data", .string(text.storable)))
            } else {
                members.append(JSONValue.Member("data_base64", .string(request.body.base64)))
            }
        }
        try self.init(members: members) { name, expectation in
            InboundRejection(.malformed, "header ce-\(name): expected \(expectation)")
        }
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
        members: [JSONValue.Member], failure: (String, String) -> InboundRejection
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
    }

    /// The interaction: id, time, kind and subject from the context, the rest by the mapping.
    ///
    /// Source and id together name an event (CloudEvents 1.0.2, section 3.1.1); a source holds no spaces.
    package func event(_ mapping: WebhookMapping, type payloadType: String) throws(InboundRejection) -> InboundEvent {
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
        event.payload = Interaction.Payload(type: payloadType, bytes: Array(json.text.utf8))
        return event
    }
}
