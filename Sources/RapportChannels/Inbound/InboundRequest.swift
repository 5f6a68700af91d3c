package import RapportCore

/// An HTTP request that a provider made to `/in/{adapter}`, read whole and within the adapter's size limit.
package struct InboundRequest: Sendable {
    /// Upper case.
    package var method: String
    /// What follows `/in/{adapter}`, with its leading slash, percent-decoded per segment; empty when nothing follows.
    package var path: String
    /// Everything after the `?`, still encoded; empty when there is none.
    package var query: String
    /// The URL that the provider called, as it knows it: the public URL of the configuration, path and query.
    package var publicURL: String
    /// Names in lower case, in the order in which they came.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var receivedAt: Timestamp

    package init(
        method: String, path: String, query: String, publicURL: String, headers: [(name: String, value: String)],
        body: [UInt8], receivedAt: Timestamp
    ) {
        self.init(
            method: method, path: path, query: query, publicURL: publicURL,
            lowercasedHeaders: headers.map { ($0.name.lowercased(), $0.value) }, body: body, receivedAt: receivedAt)
    }

    package init(
        method: String, path: String, query: String, publicURL: String,
        lowercasedHeaders: [(name: String, value: String)], body: [UInt8], receivedAt: Timestamp
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.publicURL = publicURL
        headers = lowercasedHeaders
        self.body = body
        self.receivedAt = receivedAt
    }

    /// The first header of this name (lower case).
    package func header(_ name: String) -> String? {
        // Most differ in their length.
        headers.first { $0.name.utf8.count == name.utf8.count && $0.name == name }?.value
    }

    /// The media type without its parameters, in lower case; empty when there is none, or one that is not ASCII.
    package var mediaType: String { Self.mediaType(ofContentType: header("content-type")) }

    package static func mediaType(ofContentType value: String?) -> String {
        let type = (value ?? "").utf8.prefix { $0 != UInt8(ascii: ";") }
        guard type.allSatisfy({ $0 < 0x80 }) else { return "" }
        let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        return String(decoding: type.filter { !blanks.contains($0) }.map(\.lowercasedASCII), as: UTF8.self)
    }
}
