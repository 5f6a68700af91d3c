/// Certificates of authorities that vouch for a relay.
package enum TrustedCertificates {
    /// Whether they can be got from a file, as for the TLS of a relay.
    package static func load(from file: String) -> Bool {
        (try? SMTPTLS.context(trusting: file)) != nil
    }
}
