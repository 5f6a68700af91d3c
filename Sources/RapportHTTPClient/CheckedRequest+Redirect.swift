import RapportChannels

extension CheckedRequest {
    /// The request that a redirect asks for; `nil` when the answer is none, or the request must not be made elsewhere.
    ///
    /// Only a GET or HEAD moves on. Another origin gets none of the header fields that may hold a secret, and may not
    /// be a private address or bring its own authority even if this one may: configuration named this origin, an answer named that one.
    /// - Throws: `.refusedURL` when the new place must not be reached, or would be reached less safely.
    func following(_ reply: TransferReply, settings: HTTPClientSettings) throws(HTTPCallError) -> CheckedRequest? {
        guard let target = reply.redirect, ["GET", "HEAD"].contains(call.method), call.body.isEmpty else { return nil }
        var next = call
        next.url = target
        // Something of it was sent.
        next.isRevocable = false
        let sameRules = try CheckedRequest(next, settings: settings)
        if sameRules.origin == origin { return sameRules }
        guard !origin.hasPrefix("https:") || sameRules.origin.hasPrefix("https:") else {
            throw HTTPCallError(.refusedURL)
        }
        next.headers = call.headers.filter { Self.harmlessFields.contains($0.name.lowercased()) }
        next.allowsPrivateAddresses = false
        next.trustedCertificates = nil
        return try CheckedRequest(next, settings: settings)
    }

    private static let harmlessFields: Set = ["accept", "accept-language", "user-agent"]
}
