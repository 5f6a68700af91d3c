import RapportChannels
import RapportLog

/// Claimed dispatches and what was rendered of each, in order. Apart, so that neither is copied where the other alone is
/// looked at.
struct ReadyMessages {
    private(set) var dispatches: [ClaimedDispatch] = []
    private(set) var messages: [OutboundMessage] = []

    var isEmpty: Bool { dispatches.isEmpty }

    mutating func append(_ dispatch: ClaimedDispatch, _ message: OutboundMessage) {
        dispatches.append(dispatch)
        messages.append(message)
    }

    /// Takes so many of the first out.
    mutating func removeFirst(_ count: Int) -> ReadyMessages {
        guard count < dispatches.count else {
            defer { self = ReadyMessages() }
            return self
        }
        defer {
            dispatches.removeFirst(count)
            messages.removeFirst(count)
        }
        return ReadyMessages(
            dispatches: Array(dispatches.prefix(count)), messages: Array(messages.prefix(count)))
    }

    func filter(_ isIncluded: (ClaimedDispatch) -> Bool) -> ReadyMessages {
        var filtered = ReadyMessages()
        for (dispatch, message) in zip(dispatches, messages) where isIncluded(dispatch) {
            filtered.append(dispatch, message)
        }
        return filtered
    }
}
