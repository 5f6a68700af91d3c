import RapportCore

/// The kinds of values that cases are made of. Unlike a policy's words, these are JSON texts.
extension FieldReader {
    func string(_ node: DocumentNode, _ place: String) -> String? {
        guard case .quoted(let text) = node.content else { return mismatch(node, place, "a text") }
        return text
    }

    func string(_ key: String) -> String? {
        required(key, "a text").flatMap { string($0, place(key)) }
    }

    func optionalString(_ key: String) -> String? {
        optional(key).flatMap { string($0, place(key)) }
    }

    func instant(_ key: String) -> Timestamp? {
        required(key, "an instant such as 2026-03-28T22:30:00Z").flatMap { instant($0, place(key)) }
    }

    func optionalInstant(_ key: String) -> Timestamp? {
        optional(key).flatMap { instant($0, place(key)) }
    }

    private func instant(_ node: DocumentNode, _ place: String) -> Timestamp? {
        guard case .quoted(let text) = node.content, let instant = Timestamp(rfc3339: text) else {
            return mismatch(node, place, "an instant such as 2026-03-28T22:30:00Z")
        }
        return instant
    }

    func address(_ key: String) -> Address? {
        required(key, "an address").flatMap { address($0, place(key)) }
    }

    func optionalAddress(_ key: String) -> Address? {
        optional(key).flatMap { address($0, place(key)) }
    }

    /// A normalized address; mailboxes may be written in any case.
    private func address(_ node: DocumentNode, _ place: String) -> Address? {
        guard case .quoted(let text) = node.content,
            let address = Address(
                normalized: text.hasPrefix("mailto:") ? text.lowercased() : text, deliverable: text)
        else { return mismatch(node, place, "an address such as mailto:ana@example.com or tel:+8613800138000") }
        return address
    }

    func outboundChannel(_ key: String) -> Channel? {
        let valid = Channel.outbound.map(\.rawValue).joined(separator: ", ")
        return required(key, "one of " + valid).flatMap { channel($0, place(key)) }
    }

    /// What a consent entry is about: one channel, or `*` for every one.
    enum ChannelScope {
        case every
        case only(Channel)

        var channel: Channel? {
            if case .only(let channel) = self { channel } else { nil }
        }
    }

    /// Entries may also name channels that nothing leaves through.
    func channelScope(_ key: String) -> ChannelScope? {
        guard let node = required(key, "a channel or *") else { return nil }
        if case .quoted("*") = node.content { return .every }
        return word(node, place(key), of: Channel.allCases, "channel").map { .only($0) }
    }

    /// False when it isn't there.
    func flag(_ key: String) -> Bool {
        guard let node = optional(key) else { return false }
        switch node.content {
        case .plain("true"): return true
        case .plain("false"): return false
        default: return mismatch(node, place(key), "true or false") ?? false
        }
    }

    /// A required object.
    func object(_ key: String, keys: [String]) -> FieldReader? {
        required(key, "an object").flatMap { FieldReader($0, place(key), keys: keys, problems, allowsNull: true) }
    }

    /// A list of objects; empty when it isn't there.
    func objects<Item>(_ key: String, keys: [String], _ read: (FieldReader) -> Item?) -> [Item]? {
        guard let node = optional(key) else { return [] }
        return list(node, place(key), allowsNone: true) { node, place in
            FieldReader(node, place, keys: keys, problems, allowsNull: true).flatMap(read)
        }
    }
}
