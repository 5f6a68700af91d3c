import Foundation
import NIOSSL

/// A certificate for a host, made for one test and gone with it.
final class TestCertificate {
    static let openSSL = "/usr/bin/openssl"
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: openSSL) }

    private let folder: URL
    var certificate: String { folder.appending(path: "cert.pem").path }

    /// - Parameter name: as in a subjectAltName: `IP:127.0.0.1`, `DNS:mail.example`.
    init(_ name: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(filePath: Self.openSSL)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", folder.appending(path: "key.pem").path,
            "-out", certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }

    func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: folder.appending(path: "key.pem").path, format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
