import Foundation
import RapportYAML

extension YAMLValue {
    /// `127.0.0.1:8080` or `[::1]:8080`
    func hostAndPort() throws -> (host: String, port: Int) {
        let text = try string()
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            colon > text.startIndex
        else { throw problem("expected HOST:PORT, such as 127.0.0.1:8080") }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed || !host.contains(where: { ":[]".contains($0) }) else {
            throw problem("expected HOST:PORT; an IPv6 address stands in brackets, as [::1]:8080")
        }
        return (String(isBracketed ? host.dropFirst().dropLast() : host), Int(port))
    }

    /// An absolute URL of the web, as it stands.
    func webURL() throws -> String {
        let text = try string()
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            url.host?.isEmpty == false
        else { throw problem("expected a URL such as https://example.com/path") }
        return text
    }

    /// The URL of a place below which other places are.
    func baseURL() throws -> String {
        let text = try webURL()
        guard !text.hasSuffix("/"), !text.contains("?"), !text.contains("#") else {
            throw problem("expected a URL such as https://hub.example.com, without a slash at the end")
        }
        return text
    }

    /// ISO 3166, two capital letters.
    func region() throws -> String {
        let text = try string()
        guard text.utf8.count == 2, text.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw problem("expected an ISO 3166 country code such as CN or DE")
        }
        return text
    }
}
