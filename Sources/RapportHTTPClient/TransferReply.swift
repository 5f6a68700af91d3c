import RapportChannels

/// An answer, and where it points when it is a redirect: absolute, resolved by libcurl.
struct TransferReply: Sendable {
    let answer: HTTPAnswer
    let redirect: String?
}
