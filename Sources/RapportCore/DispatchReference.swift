/// How an event names the dispatch that it is about.
package enum DispatchReference: Hashable, Sendable {
    /// By our own token, already verified (`DispatchTokens`).
    case dispatch(DispatchID)
    /// By the id that the provider gave us when it took the message; it may become known only after the event.
    case provider(adapter: String, messageID: String)
}
