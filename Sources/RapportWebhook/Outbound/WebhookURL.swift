import Foundation

/// Whether a URL may be called at all. Where its host leads is checked when the name is resolved, by the client.
package enum WebhookURL {
    /// - Parameter allowsHTTP: for receivers in the same network, by configuration only.
    /// - Returns: what is wrong, without the URL; `nil` when it may be called.
    package static func problem(with url: String, allowsHTTP: Bool = false) -> String? {
        guard url.utf8.count <= 2048 else { return "longer than 2048 bytes" }
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: url) else {
            return "not a URL"
        }
        let scheme = parts.scheme?.lowercased()
        guard scheme == "https" || (allowsHTTP && scheme == "http") else { return "expected https" }
        guard let host = parts.host, !host.isEmpty else { return "expected a host" }
        guard parts.user == nil, parts.password == nil else { return "a password in the URL" }
        guard parts.fragment == nil else { return "a fragment" }
        return nil
    }
}
