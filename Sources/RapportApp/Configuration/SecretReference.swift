import Foundation
package import RapportChannels
import RapportYAML

/// Where a secret is kept; never the secret itself.
package struct SecretReference: Hashable, Sendable, CustomStringConvertible {
    package enum Source: Hashable, Sendable {
        /// `env:NAME`
        case environment(String)
        /// `file:PATH`, relative to the configuration.
        case file(String)
    }

    package let source: Source
    /// Where the configuration names it.
    package let place: Place
    /// Larger files are no secrets.
    private static let sizeLimit = 64 << 10

    init(_ value: YAMLValue, folder: String) throws {
        let text = try value.string()
        if text.hasPrefix("env:"), text.utf8.count > 4 {
            source = .environment(String(text.dropFirst(4)))
        } else if text.hasPrefix("file:"), text.utf8.count > 5 {
            source = .file(Paths.resolve(String(text.dropFirst(5)), in: folder))
        } else {
            throw value.problem("expected env:NAME or file:PATH; a secret never stands in the configuration itself")
        }
        place = Place(value)
    }

    /// Reads the secret; white space around it is not part of it.
    ///
    /// - Parameter bytes: how long it has to be. What outsiders see signed with it lets them try out short ones.
    /// - Throws: `ConfigurationError` that says where it was looked for, and where the configuration says so.
    package func resolve(atLeast bytes: Int = 1) throws(ConfigurationError) -> Secret {
        let value: String
        switch source {
        case .environment(let name):
            value = ProcessInfo.processInfo.environment[name] ?? ""
        case .file(let path):
            guard let text = Self.read(path) else {
                throw ConfigurationError("the secret file \(path) can't be read", at: place)
            }
            value = text
        }
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.utf8.count < bytes else { return Secret(trimmed) }
        guard trimmed.isEmpty else {
            throw ConfigurationError(
                "the secret is too short: expected at least \(bytes) bytes, such as ‘openssl rand -hex 32’ makes",
                at: place)
        }
        switch source {
        case .environment(let name): throw ConfigurationError("the environment variable \(name) is not set", at: place)
        case .file(let path): throw ConfigurationError("the secret file \(path) is empty", at: place)
        }
    }

    private static func read(_ path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: sizeLimit + 1) ?? Data(), data.count <= sizeLimit else {
            return nil
        }
        return String(validating: data, as: UTF8.self)
    }

    package var description: String {
        switch source {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }
}
