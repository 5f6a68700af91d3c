/// The fields of a query or of a form body, decoded strictly and kept as bytes until somebody asks for text.
///
/// A name that comes twice is an error for whoever reads one value of it: two readers that each take another one of
/// the values are how checks are got around.
package struct FormFields: Sendable {
    package private(set) var fields: [(name: String, value: [UInt8])] = []
    /// `query` or `form`, for the place in an error.
    private let place: String

    /// More fields than this are refused, unless somebody says how many there may be.
    package static let limit = 500

    /// - Throws: `malformed`, naming the byte where the encoding breaks.
    package init(
        _ bytes: some Collection<UInt8>, place: String, limit: Int = FormFields.limit
    ) throws(InboundRejection) {
        self.place = place
        var offset = 0
        for pair in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            if !pair.isEmpty {
                guard fields.count < limit else {
                    throw InboundRejection(.malformed, "\(place): more than \(limit) fields")
                }
                try append(pair, at: offset)
            }
            offset += pair.count + 1
        }
    }

    package init(query: String) throws(InboundRejection) {
        try self.init(Array(query.utf8), place: "query")
    }

    private mutating func append(
        _ pair: some Collection<UInt8>, at offset: Int
    ) throws(InboundRejection) {
        let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let name = try decode(parts[0], at: offset)
        let value = parts.count == 2 ? try decode(parts[1], at: offset + parts[0].count + 1) : []
        guard let name = String(validating: name, as: UTF8.self) else {
            throw InboundRejection(.malformed, "\(place), byte \(offset): expected a name in UTF-8")
        }
        fields.append((name.storable, value))
    }

    private func decode(_ bytes: some Collection<UInt8>, at offset: Int) throws(InboundRejection) -> [UInt8] {
        do {
            return try PercentCoding.decode(bytes, plusIsSpace: true)
        } catch {
            throw InboundRejection(
                .malformed, "\(place), byte \(offset + error.offset): expected two hex digits after %")
        }
    }

    /// The value as it came, before any charset.
    /// - Throws: `malformed` when the name comes more than once.
    package func bytes(_ name: String) throws(InboundRejection) -> [UInt8]? {
        let values = fields.filter { $0.name == name }
        guard values.count <= 1 else { throw InboundRejection(.malformed, "\(place): \(name) is given twice") }
        return values.first?.value
    }

    /// The value as text, without NUL characters, which no store takes; `nil` when the field is missing.
    /// - Throws: `malformed` when the name comes more than once or the value is not UTF-8.
    package func text(_ name: String) throws(InboundRejection) -> String? {
        guard let bytes = try bytes(name) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InboundRejection(.malformed, "\(place): \(name) is not UTF-8")
        }
        return text.storable
    }

    /// As `filled`, but what is not UTF-8 is replaced by U+FFFD: for what is worth more half read than refused.
    /// - Throws: `malformed` when the name comes more than once.
    package func legible(_ name: String) throws(InboundRejection) -> String? {
        guard let bytes = try bytes(name), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self).storable
    }

    /// As `text`, but an empty value counts as missing.
    package func filled(_ name: String) throws(InboundRejection) -> String? {
        guard let text = try text(name), !text.isEmpty else { return nil }
        return text
    }

    /// As `filled`, but the field must be there.
    package func required(_ name: String) throws(InboundRejection) -> String {
        guard let text = try filled(name) else {
            throw InboundRejection(.malformed, "\(place): expected \(name)")
        }
        return text
    }
}
