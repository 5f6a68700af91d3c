import RapportHub
import RapportServer
import RapportYAML

extension HubConfiguration {
    /// Every value in force, defaults included; secrets by where they are kept. Keys are the file's, joined by dots.
    package var described: [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = [
            ("file", file), ("store", "sqlite:\(storePath)"), ("http.listen", "\(http.host):\(http.port)"),
            ("http.publicURL", http.publicURL), ("http.trustForwardedFor", "\(http.trustsForwardedFor)"),
            ("http.metricsNeedToken", "\(http.metricsNeedToken)"), ("http.connections", "\(http.connections)"),
            ("http.idleTimeout", "\(http.idleSeconds)s"), ("http.bodyTimeout", "\(http.bodySeconds)s"),
            ("region", region), ("policy", policyFile),
            ("templates", templates), ("secret", secret.description),
        ]
        for entry in adapters {
            let prefix = "adapters.\(entry.name)."
            pairs.append((prefix + "type", type(of: entry.settings).type))
            pairs += entry.settings.described.map { (prefix + $0.key, $0.value) }
        }
        pairs += tokens.map { ("api.tokens.\($0.name)", $0.scopes.map(\.rawValue).sorted().joined(separator: ", ")) }
        pairs += serviceLevels.byKind.sorted { $0.key < $1.key }.map {
            ("serviceLevels.\($0.key)", Self.duration($0.value))
        }
        pairs += [
            ("serviceLevels.default", Self.duration(serviceLevels.standard)),
            ("retention.payloads", retention.payloadDays.map { "\($0)d" } ?? "for ever"),
            ("retry.first", Self.duration(retry.firstSeconds)), ("retry.longest", Self.duration(retry.longestSeconds)),
            ("retry.attempts", "\(retry.attempts)"),
            ("answers.help", answers.help ?? "–"), ("answers.topic", answers.topic ?? "–"),
        ]
        return pairs
    }

    /// As the file writes it.
    private static func duration(_ seconds: Int64) -> String {
        for (unit, length) in [("d", 86400), ("h", 3600), ("m", 60)] as [(String, Int64)] where seconds % length == 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    /// The lines of `api: {tokens: …}` for a token with this hash.
    ///
    /// - Throws: `ConfigurationError` when the hub would refuse them.
    package static func tokenEntry(name: String, sha256: String, scopes: [String]) throws(ConfigurationError) -> String
    {
        let words = APIToken.Scope.allCases.map(\.rawValue)
        if let wrong = scopes.first(where: { !words.contains($0) }) {
            throw ConfigurationError("there is no scope ‘\(wrong)’" + NearestWord.hint(for: wrong, among: words))
        }
        do throws(APITokenError) {
            _ = try APIToken(
                name: name, sha256: sha256, scopes: Set(scopes.compactMap(APIToken.Scope.init(rawValue:))))
        } catch {
            throw ConfigurationError(error.description)
        }
        return """
            api:
              tokens:
                - name: \(name)
                  hash: sha256:\(sha256)
                  scopes: [\(words.filter(scopes.contains).joined(separator: ", "))]
            """
    }
}
