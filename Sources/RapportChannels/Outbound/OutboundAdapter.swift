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

    /// Sends messages beside each other and returns when the fate of each is known; for each the same holds as for one
    /// sent alone.
    ///
    /// For an adapter that sends by the thousand, to which a task for each message costs more than to send it.
    /// - Parameter done: is called once for each index, in any order and on any thread, and must return soon.
    func send(
        _ messages: [OutboundMessage], done: @escaping @Sendable (Int, Result<Receipt, SendError>) -> Void) async

    /// Called when the hub is told to stop. What waits in the adapter's own line, and what is still given to it, ends with
    /// `.withdrawn`; what has begun runs its course. An adapter that begins each message at once has nothing to do.
    func withdraw()
}

extension OutboundAdapter {
    package func withdraw() {}

    package func send(
        _ messages: [OutboundMessage], done: @escaping @Sendable (Int, Result<Receipt, SendError>) -> Void
    ) async {
        await withDiscardingTaskGroup { sends in
            for (index, message) in messages.enumerated() {
                sends.addTask {
                    do throws(SendError) {
                        done(index, .success(try await send(message)))
                    } catch {
                        done(index, .failure(error))
                    }
                }
            }
        }
    }
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
