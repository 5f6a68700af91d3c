import Synchronization

/// Whether a request's body has been read to its end, and the room that it takes until the request is answered. Shared by
/// all copies of the request's context.
final class BodyProgress: Sendable {
    private struct State {
        var isRead = false
        var room: (bytes: Int, budget: BodyBudget)?
    }

    private let state = Mutex(State())

    var isRead: Bool { state.withLock { $0.isRead } }

    func finish() { state.withLock { $0.isRead = true } }

    /// - Parameter bytes: taken from the budget; they are given back here.
    func keep(_ bytes: Int, of budget: BodyBudget) {
        state.withLock { $0.room = (bytes, budget) }
    }

    func giveBack() {
        let room = state.withLock { state in
            defer { state.room = nil }
            return state.room
        }
        if let room { room.budget.giveBack(room.bytes) }
    }
}
