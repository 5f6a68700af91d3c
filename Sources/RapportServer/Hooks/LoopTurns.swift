import NIOCore
import Synchronization

/// Where the calls of each event loop are served, of which there is one for each core.
final class LoopTurns: Sendable {
    let hooks: Hooks
    private let turns = Mutex<[ObjectIdentifier: NIOLoopBound<CallsOfTurn>]>([:])

    init(_ hooks: Hooks) {
        self.hooks = hooks
    }

    /// - Parameter loop: the one that asks.
    func turn(of loop: any EventLoop) -> CallsOfTurn {
        turns.withLock { turns in
            let turn = turns[ObjectIdentifier(loop)] ?? NIOLoopBound(CallsOfTurn(hooks, on: loop), eventLoop: loop)
            turns[ObjectIdentifier(loop)] = turn
            return turn.value
        }
    }
}
