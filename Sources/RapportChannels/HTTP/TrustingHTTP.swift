/// The HTTP client for a server that authorities of one's own vouch for.
package struct TrustingHTTP: HTTPCalling {
    private let http: any HTTPCalling
    private let trustedCertificates: String

    /// - Parameter trustedCertificates: a PEM file.
    package init(_ http: any HTTPCalling, trustedCertificates: String) {
        self.http = http
        self.trustedCertificates = trustedCertificates
    }

    package func call(_ request: HTTPCall) async throws(HTTPCallError) -> HTTPAnswer {
        var request = request
        request.trustedCertificates = trustedCertificates
        return try await http.call(request)
    }

    package func withdraw() { http.withdraw() }
}
