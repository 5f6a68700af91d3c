import Foundation
import NIOSSL
import RapportTestServers

/// A certificate for a host, made for one test and gone with it.
final class TestCertificate {
    static let openSSL = "/usr/bin/openssl"
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: openSSL) }

    private let folder: ScratchFolder
    var certificate: String { folder.path("cert.pem") }

    /// - Parameter name: as in a subjectAltName: `IP:127.0.0.1`, `DNS:mail.example`.
    init(_ name: String) async throws {
        folder = try ScratchFolder("certificate")
        try await SelfSignedCertificate.make(
            certificate: folder.path("cert.pem"), key: folder.path("key.pem"), names: name)
    }

    func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: folder.path("key.pem"), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }
}
