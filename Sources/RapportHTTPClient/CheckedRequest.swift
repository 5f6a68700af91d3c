import CCurl
import RapportChannels

/// A call that may be made: every part of it has been looked at.
struct CheckedRequest: Sendable {
    let call: HTTPCall
    /// Scheme, host and port: what one connection can serve.
    let origin: String
    /// For the exchange, within the client's bounds.
    let timeoutMilliseconds: Int

    /// - Throws: `.refusedURL` for anything that must not be sent, be it the URL, the method or a header field.
    init(_ call: HTTPCall, settings: HTTPClientSettings) throws(HTTPCallError) {
        guard Self.methods.contains(call.method), call.body.count <= settings.requestBodyLimit,
            call.headers.allSatisfy(Self.mayBeSent),
            call.headers.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }) <= settings.requestHeadLimit,
            let origin = Self.origin(of: call.url)
        else { throw HTTPCallError(.refusedURL) }
        // libcurl never sends a body with HEAD, so one in the call would be lost without a word.
        guard call.method != "HEAD" || call.body.isEmpty else { throw HTTPCallError(.refusedURL) }
        self.call = call
        self.origin = origin
        timeoutMilliseconds = min(max(call.timeoutMilliseconds, 1), settings.longestTimeoutMilliseconds)
    }

    private static let methods: Set = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]

    /// What frames the message or belongs to the connection is the client's own business: a second `Content-Length`
    /// is how requests get smuggled (RFC 9112, section 11.2).
    private static let ownFields: Set = [
        "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
        "proxy-connection", "proxy-authorization", "host",
    ]

    private static func mayBeSent(_ field: HTTPField) -> Bool {
        let isToken = !field.name.isEmpty && field.name.utf8.allSatisfy(isTokenByte)
        // Everything but controls, CR and LF above all (RFC 9110, section 5.5).
        let isValue = field.value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
        return isToken && isValue && !ownFields.contains(field.name.lowercased())
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// `nil` unless the URL is one of `http` or `https` with a host and no credentials. It is read by libcurl, which
    /// will also connect by it, so that no two readers can differ.
    private static func origin(of text: String) -> String? {
        guard text.utf8.count <= HTTPCall.longestURL,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }),
            let url = curl_url()
        else { return nil }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            let scheme = part(CURLUPART_SCHEME, of: url)?.lowercased(), ["http", "https"].contains(scheme),
            let host = part(CURLUPART_HOST, of: url)?.lowercased(), !host.isEmpty,
            // libcurl would forgive a missing or a third slash, and guess a missing scheme.
            text.lowercased().hasPrefix(scheme + "://"), !text.dropFirst(scheme.utf8.count + 3).hasPrefix("/"),
            let port = part(CURLUPART_PORT, of: url), port != "0"
        else { return nil }
        return "\(scheme)://\(host):\(port)"
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
