import RapportChannels
import RapportYAML

/// How a webhook proves where it comes from:
///
///     signature: { scheme: standard-webhooks, secret: env:SHOP_SECRET }
///     signature: { scheme: hmac-sha256, header: X-Hub-Signature-256, prefix: "sha256=", encoding: hex, secret: … }
///     signature: { scheme: bearer, secret: … }
///     signature: { scheme: path, secret: … }
///     signature: { scheme: none }
struct SignatureSettings: Sendable {
    enum Scheme: String, CaseIterable, Sendable {
        case standardWebhooks = "standard-webhooks"
        case hmac = "hmac-sha256"
        case bearer
        case path
        case unsigned = "none"
    }

    var scheme: Scheme
    /// The new one first, the old ones after it, while they are being replaced.
    var secrets: [SecretReference]
    var header: String
    var prefix: String
    var encoding: BodySignature.Encoding

    init(_ value: YAMLValue, folder: String) throws {
        let config = try value.mapping(keys: ["scheme", "secret", "secrets", "header", "prefix", "encoding"])
        scheme = try config.required("scheme").word(Scheme.self)
        secrets = try config["secrets"]?.list().map { try SecretReference($0, folder: folder) } ?? []
        if let secret = config["secret"] { secrets.insert(try SecretReference(secret, folder: folder), at: 0) }
        header = try config["header"]?.string() ?? ""
        prefix = try config["prefix"]?.string() ?? ""
        encoding = try config["encoding"]?.word(BodySignature.Encoding.self) ?? .hex
        if scheme != .unsigned, secrets.isEmpty { throw value.problem("the key ‘secret’ is missing") }
        if scheme == .hmac, header.isEmpty { throw value.problem("the key ‘header’ is missing") }
    }

    func build() throws -> SignatureScheme {
        let secrets = try secrets.map { reference throws(ConfigurationError) in try reference.resolve() }
        switch scheme {
        case .standardWebhooks: return .standardWebhooks(try StandardWebhooks(secrets: secrets))
        case .hmac:
            return .body(try BodySignature(header: header, prefix: prefix, encoding: encoding, secrets: secrets))
        case .bearer: return .bearer(try BearerToken(tokens: secrets))
        case .path: return .path(try PathToken(tokens: secrets))
        case .unsigned: return .unsigned
        }
    }

    var described: String {
        ([scheme.rawValue] + secrets.map(\.description)).joined(separator: " ")
    }
}
