import NIOCore
import NIOSSL
import RapportChannels

/// TLS towards one relay: the certificate must be good and name the host that we asked for; there is no other way.
struct SMTPTLS: Sendable {
    private let context: NIOSSLContext?
    private let host: String?

    /// - Throws: `.configuration` when the trusted certificates can't be read.
    init(_ configuration: SMTPConfiguration) throws(SendError) {
        // A literal address is checked against the certificate's addresses; it can't be named in the handshake.
        host = (try? SocketAddress(ipAddress: configuration.host, port: 0)) == nil ? configuration.host : nil
        guard configuration.security != .none else {
            context = nil
            return
        }
        context = try Self.context(trusting: configuration.trustedCertificates)
    }

    /// - Parameter file: of the authorities that vouch for the relay; `nil`: the system's.
    static func context(trusting file: String?) throws(SendError) -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .fullVerification
        if let file { tls.trustRoots = .file(file) }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw SendError(.configuration, status: "trusted certificates")
        }
    }

    /// A new one for each connection.
    func handler() throws -> NIOSSLClientHandler {
        guard let context else { throw SendError(.configuration, status: "no TLS") }
        return try NIOSSLClientHandler(context: context, serverHostname: host)
    }

    /// A certificate that does not hold is for a person to look at; a line that broke is not.
    static func sendError(for error: any Error) -> SendError {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let reasons)) where reasons.contains(.eofDuringHandshake):
            SendError(.connection)
        case NIOSSLError.handshakeFailed, NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            SendError(.configuration, status: "TLS")
        case is NIOSSLExtraError: SendError(.configuration, status: "TLS")
        default: SendError(.connection)
        }
    }
}
