/// A key and a certificate that only their own file vouches for.
package enum SelfSignedCertificate {
    /// Writes both in PEM, by `openssl req`.
    ///
    /// - Parameter names: as in a subjectAltName.
    package static func make(
        certificate: String, key: String, names: String = "DNS:localhost,IP:127.0.0.1"
    ) async throws {
        let subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=\(names)"]
        let form = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        let files = ["-keyout", key, "-out", certificate]
        try await ChildCommand("openssl", ["req", "-x509"] + form + files + subject).check()
    }
}
