package import RapportChannels
import RapportCore

extension WebhookMapping {
    /// Attribute values and single-line fields are cut here; texts are not, because the body's limit bounds them.
    private static let fieldLimit = 2000
    private static let addressLimit = 20

    /// One event. Of the wrong type are only id and time an error: they decide what the event is and when.
    /// - Parameter place: where the event stands in the body, as a JSON Pointer.
    package func event(from value: JSONValue, at place: String) throws(InboundRejection) -> InboundEvent {
        guard case .object = value else {
            throw InboundRejection(.malformed, "\(place.isEmpty ? "the whole" : place): expected an object")
        }
        var event = InboundEvent(kind: kind(of: value), channel: .webhook)
        event.sourceID = try id(of: value, at: place)
        event.occurredAt = try time(of: value, at: place)
        event.customerAddresses = addresses(in: value)
        event.from = event.customerAddresses.first?.text
        event.subject = line(subject, in: value)
        event.text = text.flatMap { $0.find(in: value)?.scalarText }
        event.language = line(language, in: value)
        event.attributes.reserveCapacity(attributes.count)
        for (name, pointer) in attributes {
            event.attributes[name] = line(pointer, in: value)
        }
        if readsKeywords, let text = event.text, let request = KeywordReader.standard.request(in: text) {
            event.requests = [request]
        }
        return event
    }

    /// Takes from the headers what the body did not tell.
    /// - Parameter index: of the event in its request, so that several under one id stay several.
    func complete(
        _ event: inout InboundEvent, from request: InboundRequest, index: Int?
    ) throws(InboundRejection) {
        if event.sourceID == nil, let idHeader, let value = request.header(idHeader), !value.isEmpty {
            guard value.utf8.count <= 500 else {
                throw InboundRejection(.malformed, "header \(idHeader): expected an id of 1 to 500 bytes")
            }
            event.sourceID = index.map { "\(value)/\($0)" } ?? value
        }
        if event.kind == defaultKind, let kindHeader, let word = request.header(kindHeader), !word.isEmpty {
            event.kind = kinds[word] ?? .event(word)
        }
    }

    private func line(_ pointer: JSONPointer?, in value: JSONValue) -> String? {
        guard let text = pointer?.find(in: value)?.scalarText else { return nil }
        // No text has more characters than bytes, and those need not be counted.
        guard text.utf8.count > Self.fieldLimit else { return text }
        return text.count <= Self.fieldLimit ? text : String(text.prefix(Self.fieldLimit))
    }

    private func kind(of value: JSONValue) -> InteractionKind {
        guard let word = line(kind, in: value), !word.isEmpty else { return defaultKind }
        return kinds[word] ?? .event(word)
    }

    private func id(of value: JSONValue, at place: String) throws(InboundRejection) -> String? {
        guard let id, let found = id.find(in: value), !found.isNull else { return nil }
        guard let text = found.scalarText, (1...500).contains(text.utf8.count) else {
            throw InboundRejection(.malformed, "\(place)\(id): expected an id of 1 to 500 bytes")
        }
        return text
    }

    private func time(of value: JSONValue, at place: String) throws(InboundRejection) -> Timestamp? {
        guard let time, let found = time.find(in: value), !found.isNull else { return nil }
        guard let instant = timeFormat.read(found) else {
            throw InboundRejection(.malformed, "\(place)\(time): expected \(timeFormat.expectation)")
        }
        return instant
    }

    private func addresses(in value: JSONValue) -> [RawAddress] {
        var found: [RawAddress] = []
        for rule in addresses {
            let texts: [String] =
                switch rule.pointer.find(in: value) {
                case .array(let items): items.prefix(Self.addressLimit).compactMap(\.scalarText)
                case let item: [item?.scalarText].compactMap { $0 }
                }
            found += texts.filter { !$0.isEmpty && $0.utf8.count <= Self.fieldLimit }.map(rule.address)
        }
        return Array(found.prefix(Self.addressLimit))
    }
}

extension WebhookMapping.AddressRule {
    func address(_ text: String) -> RawAddress {
        guard let scheme else { return RawAddress(guessing: text) }
        guard scheme == .id, let system else { return RawAddress(scheme, text) }
        return RawAddress(scheme, "\(system)/\(text)")
    }
}

extension WebhookMapping.TimeFormat {
    var expectation: String {
        switch self {
        case .rfc3339: "an instant such as 2026-03-28T22:30:00Z"
        case .unixSeconds: "seconds since 1970"
        case .unixMilliseconds: "milliseconds since 1970"
        }
    }

    /// Numbers may come in quotes; a fraction of a second is cut to milliseconds. `nil` outside years 1 to 9999.
    func read(_ value: JSONValue) -> Timestamp? {
        guard let text = value.scalarText else { return nil }
        let latest: Int64 = 253_402_300_799_999
        switch self {
        case .rfc3339: return value.string.flatMap { Timestamp(rfc3339: $0) }
        case .unixMilliseconds:
            return Int64(text).flatMap { (0...latest).contains($0) ? Timestamp(milliseconds: $0) : nil }
        case .unixSeconds:
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 2, let seconds = Int64(parts[0]), (0...latest / 1000).contains(seconds) else {
                return nil
            }
            guard parts.count == 2 else { return Timestamp(seconds: seconds) }
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let milliseconds = Int64((parts[1] + "00").prefix(3))
            else { return nil }
            return Timestamp(milliseconds: seconds * 1000 + milliseconds)
        }
    }
}
