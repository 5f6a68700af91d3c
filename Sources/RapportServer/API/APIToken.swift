import Crypto
import RapportChannels

/// Somebody who may use `/v1`. The hub knows the token's hash only.
package struct APIToken: Hashable, Sendable {
    package enum Scope: String, Sendable, CaseIterable {
        /// Customers, timelines, preferences, campaigns, follow-ups.
        case read
        /// Events, customers, preferences, follow-ups.
        case write
        /// Messages and the course of campaigns.
        case send
    }

    /// Part of what the log calls the token's events: `api:` and this.
    package let name: String
    package let scopes: Set<Scope>
    let digest: [UInt8]

    /// - Parameters:
    ///   - name: 1 to 40 of `a-z 0-9 . _ -`.
    ///   - sha256: of the token, in hexadecimal digits: `printf %s TOKEN | sha256sum`.
    /// - Throws: `APITokenError`, without the hash.
    package init(name: String, sha256: String, scopes: Set<Scope>) throws(APITokenError) {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789._-".utf8)
        guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy(allowed.contains) else {
            throw APITokenError("expected a name of 1 to 40 of a-z 0-9 . _ -")
        }
        guard let digest = Hex.decode(sha256), digest.count == 32 else {
            throw APITokenError("expected the token's SHA-256 in 64 hexadecimal digits")
        }
        guard !scopes.isEmpty else { throw APITokenError("expected at least one of read, write, send") }
        self.name = name
        self.scopes = scopes
        self.digest = digest
    }

    /// What the log calls this token's acts.
    var adapter: String { "api:\(name)" }

    /// The hash of a token that somebody offers.
    static func digest(of token: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }
}

/// A token was configured in a way that can't work. Holds no secret.
package struct APITokenError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
