/// The bounds of the shared HTTP client.
package struct HTTPClientSettings: Hashable, Sendable {
    /// Requests under way at once, to all hosts together.
    package var concurrency = 256
    /// Requests under way at once to one origin (scheme, host and port), so that one slow gateway can't take all. More than
    /// adapters have in the air unless they are told to.
    package var concurrencyPerOrigin = 64
    /// Calls under way or waiting; a call beyond is refused at once with `.connection`.
    package var outstandingCalls = 4096
    /// For resolving the name, connecting and the TLS handshake.
    package var connectTimeoutMilliseconds = 10_000
    /// No call may ask for more time than this, be it for its turn or for its exchange.
    package var longestTimeoutMilliseconds = 600_000
    /// A connection unused for longer is not used again.
    package var idleSeconds = 55
    /// Bytes of a request's body, and of all its header fields.
    package var requestBodyLimit = 64 << 20
    package var requestHeadLimit = 64 << 10
    /// Bytes of an answer's header fields, interim answers included.
    package var answerHeadLimit = 64 << 10
    /// How many redirects of a GET or HEAD are followed; anything beyond is an answer like any other.
    package var redirectLimit = 0
    /// Sent when the call has no `User-Agent` of its own.
    package var userAgent = "Rapport"

    package init() {}
}
