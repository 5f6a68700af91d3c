/// An adapter whose provider calls us over HTTP at `/in/{name}`.
package protocol InboundAdapter: Sendable {
    /// The configured name; part of the URL and of `(adapter, sourceID)`.
    var name: String { get }
    /// Bodies longer than this are answered 413 without being read whole.
    var bodyLimit: Int { get }
    /// The region for numbers without a country code; `nil`: the hub's.
    var region: String? { get }

    /// Refuses what the head of a request is enough to refuse, such as a wrong token, before its body is read: what a
    /// stranger sends should not be kept for a moment. `receive` looks at everything again.
    ///
    /// - Parameter head: the request with an empty body.
    func admit(_ head: InboundRequest) throws(InboundRejection)

    /// Verifies the request, then parses it. Pure: stores nothing, calls nobody, reads no clock but `receivedAt`.
    ///
    /// An unknown status, kind or field is not an error: the event becomes `unknown` and is kept with its payload.
    /// - Throws: `InboundRejection`; the signature is checked before anything of the body is looked at.
    func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult
}

extension InboundAdapter {
    package var bodyLimit: Int { 1 << 20 }
    package var region: String? { nil }

    package func admit(_ head: InboundRequest) throws(InboundRejection) {}
}
