import Foundation
import RapportChannels
import RapportYAML

/// `trust`: a PEM file of the authorities that vouch for an adapter's server instead of the system's.
struct TrustSettings: Hashable, Sendable {
    let file: String?

    init(_ value: YAMLValue?, folder: String) throws {
        file = try value.map { Paths.resolve(try $0.string(), in: folder) }
    }

    /// - Throws: `ConfigurationError` when the file can't be read.
    func check() throws {
        guard let file, !FileManager.default.isReadableFile(atPath: file) else { return }
        throw ConfigurationError("the trusted certificates \(file) can't be read")
    }

    func client(_ http: any HTTPCalling) -> any HTTPCalling {
        file.map { TrustingHTTP(http, trustedCertificates: $0) } ?? http
    }

    var described: (key: String, value: String) { ("trust", file ?? "the system's") }
}
