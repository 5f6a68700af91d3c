package import RapportCore

/// An adapter that hands messages to a provider or the next server.
package protocol OutboundAdapter: Sendable {
    var name: String { get }
    var channel: Channel { get }
    /// How many sends may be under way at once; the dispatcher never starts more.
    var window: Int { get }

    /// Sends one message and returns when the other side has taken responsibility for it.
    ///
    /// Called at most once per claim of a dispatch, after `handedOff` is committed. Must not retry by itself once the
    /// other side may have taken the message.
    /// - Throws: `SendError`; `.uncertain` when the other side may or may not have taken it.
    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt
}

/// The other side has taken the message.
package struct Receipt: Hashable, Sendable {
    /// What later receipts will call it; `nil` when they name our own token.
    package var providerMessageID: String?
    /// `accepted`, or `delivered` when the answer already says so.
    package var state: DispatchState
    /// The answer in short, for the log: `250 2.0.0 queued as 4F2`.
    package var detail: String

    package init(providerMessageID: String? = nil, state: DispatchState = .accepted, detail: String = "") {
        self.providerMessageID = providerMessageID
        self.state = state
        self.detail = detail
    }
}
