import RapportCore

/// A web hook's URL: `https` with a host, without credentials and without a fragment (RFC 9110, section 4.2.2).
struct WebAddress {
    /// `https://host[:port]/path[?query]`; host in lower case and ASCII, port only when it is not 443.
    let text: String

    /// Takes the whole URL or, as in a `RawAddress`, what follows its scheme.
    init(parsing written: String) throws(AddressError) {
        guard written.utf8.count <= 2048 else { throw AddressError(.tooLong, "the URL is longer than 2048") }
        let scheme = "https:"
        let rest = written.lowercased().hasPrefix(scheme) ? written.dropFirst(scheme.count) : written[...]
        guard rest.hasPrefix("//") else { throw AddressError(.malformed, "not a URL of the form https://HOST/PATH") }
        let afterSlashes = rest.dropFirst(2)
        let end = afterSlashes.firstIndex { "/?#".contains($0) } ?? afterSlashes.endIndex
        let authority = try Self.authority(afterSlashes[..<end])
        let target = try Self.target(afterSlashes[end...].prefix { $0 != "#" })
        text = "https://\(authority)\(target)"
        guard text.utf8.count <= 2048 else { throw AddressError(.tooLong, "the URL is longer than 2048") }
    }

    private static func authority(_ text: Substring) throws(AddressError) -> String {
        guard !text.contains("@") else { throw AddressError(.malformed, "the URL holds credentials") }
        guard text.hasPrefix("[") else {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let host: String
            if let address = IPLiteral(version4: parts[0]) {
                host = address.text
            } else {
                host = try DomainName(parsing: String(parts[0])).ascii
            }
            return try host + port(parts.count == 2 ? parts[1] : "")
        }
        guard let close = text.firstIndex(of: "]"), let address = IPLiteral(version6: text[..<close].dropFirst()) else {
            throw AddressError(.domain, "the URL's brackets hold no IPv6 address")
        }
        let after = text[text.index(after: close)...]
        guard after.isEmpty || after.hasPrefix(":") else {
            throw AddressError(.domain, "the URL's host goes on after the bracket")
        }
        return try "[\(address.text)]" + port(after.dropFirst())
    }

    private static func port(_ text: Substring) throws(AddressError) -> String {
        if text.isEmpty { return "" }
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(text),
            port > 0
        else { throw AddressError(.malformed, "the URL's port is not a number from 1 to 65535") }
        return port == 443 ? "" : ":\(port)"
    }

    /// Path and query, with everything encoded that may not stand in a URL; what is encoded already stays.
    private static func target(_ text: Substring) throws(AddressError) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && $0 != "\\" }) else {
            throw AddressError(.malformed, "the URL has a space, a control character or a backslash in it")
        }
        let bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
            guard PercentEncoding.triplet(bytes, at: index) != nil else {
                throw AddressError(.malformed, "the URL has a percent sign that encodes nothing")
            }
        }
        let encoded = PercentEncoding.encoded(String(text), keeping: "-._~!$&'()*+,;=:@/?%".utf8)
        return encoded.hasPrefix("/") ? encoded : "/" + encoded
    }
}
