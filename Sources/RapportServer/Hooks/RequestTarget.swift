/// What a request line asks for (RFC 9112, section 3.2): as clients write it to a server, or whole, as they write it to a
/// proxy, which a server has to take as well. Still percent-encoded.
package struct RequestTarget: Hashable {
    package var path: String
    /// Everything after the `?`; `nil` when there is none.
    package var query: String?

    init(path: String, query: String?) {
        self.path = path
        self.query = query
    }

    package init(_ target: String) {
        var rest = target.utf8[...]
        if rest.first != UInt8(ascii: "/"), let authority = Self.authority(rest) {
            rest = rest[authority...].drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        }
        rest = rest.prefix { $0 != UInt8(ascii: "#") }
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        self.path = path.isEmpty ? "/" : String(Substring(path))
        query = path.endIndex == rest.endIndex ? nil : String(Substring(rest[path.endIndex...].dropFirst()))
    }

    /// Where the authority begins behind the scheme.
    private static func authority(_ target: Substring.UTF8View) -> Substring.UTF8View.Index? {
        guard let colon = target.firstIndex(of: UInt8(ascii: ":")), target[colon...].starts(with: "://".utf8) else {
            return nil
        }
        return target.index(colon, offsetBy: 3)
    }
}
