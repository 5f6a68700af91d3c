import RapportChannels
import RapportCore
import RapportLog
import Synchronization

/// What everybody saw, in one order: each call takes its place under one lock.
final class RaceRecorder: Sendable {
    enum Event: Sendable {
        /// The store has promised this dispatch to a dispatcher.
        case claimed(Hold, Claim)
        /// A dispatcher is about to ask whether these may leave.
        case handingOff([Hold])
        /// An adapter was called.
        case sending(Hold, Address)
        /// The adapter has answered.
        case answered(DispatchID, taken: Bool)
        /// Whoever opted out has been told that it holds; the interaction is the row of the log that says so.
        case optedOut(InteractionID)
    }

    /// A dispatch in the hands of one of the hubs. The other may have it in its hands at the same time: what an opt-out took
    /// back is claimed anew, and the first one learns of it when it asks whether it may leave.
    struct Hold: Hashable, Sendable {
        var dispatch: DispatchID
        var node: Int64

        init(_ dispatch: DispatchID, by node: Int64) {
            self.dispatch = dispatch
            self.node = node
        }
    }

    /// What a claim was about.
    struct Claim: Sendable {
        var customer: CustomerID
        var household: String?
        var campaign: String
        var occurrence: String?
        var topic: String
        var offer: String?
        var content: String?
        var route: Route
        var at: Timestamp
    }

    private let list = Mutex<[Event]>([])

    func note(_ event: Event) {
        list.withLock { $0.append(event) }
    }

    var events: [Event] { list.withLock { $0 } }
}
