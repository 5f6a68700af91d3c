/// How an adapter knows that a request comes from the one it says.
package enum SignatureScheme: Sendable {
    case standardWebhooks(StandardWebhooks)
    case body(BodySignature)
    case bearer(BearerToken)
    case twilio(TwilioSignature)
    /// The path below the adapter is the secret and nothing else.
    case path(PathToken)
    /// Everybody who can reach the adapter is believed. Never a default: the configuration has to say `unsigned`.
    case unsigned

    /// Whether anybody who has one signed request may send its body again beside other headers: a signature is made
    /// over the body and at most a few headers of its own. Who knows a token is believed in all that they say.
    package var leavesHeadersOpen: Bool {
        switch self {
        case .standardWebhooks, .body, .twilio: true
        case .bearer, .path, .unsigned: false
        }
    }

    /// What can be said before the body has come: tokens stand in the head, signatures are made over the body.
    ///
    /// - Throws: `signature`; `path` as `verify` does.
    package func admit(_ head: InboundRequest) throws(InboundRejection) {
        switch self {
        case .bearer, .path: try verify(head)
        case .standardWebhooks, .body, .twilio, .unsigned: break
        }
    }

    /// - Throws: `signature` or `stale`; `path` when more follows than the scheme takes.
    package func verify(_ request: InboundRequest) throws(InboundRejection) {
        var rest = request.path
        switch self {
        case .standardWebhooks(let scheme): try scheme.verify(request)
        case .body(let scheme): try scheme.verify(request)
        case .bearer(let scheme): try scheme.verify(request)
        case .twilio(let scheme): try scheme.verify(request)
        case .path(let scheme): rest = try scheme.verify(request)
        case .unsigned: break
        }
        guard rest.isEmpty || rest == "/" else { throw InboundRejection(.path) }
    }
}
