import Foundation
import RapportChannels
import RapportYAML

/// `trust`: a PEM file of the authorities that vouch for an adapter's server instead of the system's.
struct TrustSettings: Hashable, Sendable {
    let file: String?

    init(_ value: YAMLValue?, folder: String) throws {
        file = try value.map { Paths.resolve(try $0.string(), in: folder) }
    }

    /// - Parameter load: whether certificates can be got from a file, as the adapter does it.
    /// - Throws: `ConfigurationError` when the file can't be read, or holds none.
    func check(_ load: (_ file: String) -> Bool = TrustSettings.holdsCertificate) throws {
        guard let file else { return }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw ConfigurationError("the trusted certificates \(file) can't be read")
        }
        guard load(file) else {
            throw ConfigurationError(
                "\(file) holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----")
        }
    }

    /// Whether a file has a block that may be a certificate: the client of HTTP reads it only when it calls.
    static func holdsCertificate(_ file: String) -> Bool {
        guard let bytes = FileManager.default.contents(atPath: file) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains { label in
            text.components(separatedBy: "-----BEGIN \(label)-----").dropFirst().contains { block in
                guard let end = block.range(of: "-----END \(label)-----") else { return false }
                let base64 = block[..<end.lowerBound].filter { !$0.isWhitespace }
                return Data(base64Encoded: String(base64))?.isEmpty == false
            }
        }
    }

    func client(_ http: any HTTPCalling) -> any HTTPCalling {
        file.map { TrustingHTTP(http, trustedCertificates: $0) } ?? http
    }

    var described: (key: String, value: String) { ("trust", file ?? "the system's") }
}
