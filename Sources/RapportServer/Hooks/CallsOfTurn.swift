import NIOCore
import RapportChannels

/// Serves together what is called in one turn of an event loop: one task for all of it on that loop, one commit, and
/// answers that leave together.
///
/// With a task for each call, a tenth of what a call costs went into waking threads and into handing over; with tasks on
/// other threads than the loop's, a seventh, because those that were woken one after the other had less to do together.
final class CallsOfTurn {
    private struct Waiting {
        let call: Hooks.Opened
        let answer: (HookAnswer) -> Void
    }

    private let hooks: Hooks
    private let loop: any EventLoop
    private let executor: LoopExecutor
    private var waiting: [Waiting] = []

    /// So many calls share a task.
    private static let limit = 32
    /// A body of more bytes has a task to itself, on another thread, so that nobody waits until it is read.
    private static let small = 16 << 10

    init(_ hooks: Hooks, on loop: any EventLoop) {
        self.hooks = hooks
        self.loop = loop
        executor = LoopExecutor(loop)
        waiting.reserveCapacity(Self.limit)
    }

    /// - Parameters:
    ///   - call: with its body.
    ///   - answer: called on the event loop, where this must be called, too.
    func serve(_ call: Hooks.Opened, _ answer: @escaping (HookAnswer) -> Void) {
        hooks.answers.begin()
        let waiting = Waiting(call: call, answer: answer)
        guard call.request.body.count <= Self.small else { return begin([waiting], on: nil) }
        self.waiting.append(waiting)
        // Behind all that is ready to be read in this turn.
        if self.waiting.count == 1 { loop.assumeIsolated().execute { self.endTurn() } }
    }

    private func endTurn() {
        for start in stride(from: 0, to: waiting.count, by: Self.limit) {
            begin(waiting[start..<min(start + Self.limit, waiting.count)], on: executor)
        }
        // Its memory is for the next turn.
        waiting.removeAll(keepingCapacity: true)
    }

    private func begin(_ calls: some Collection<Waiting>, on executor: LoopExecutor?) {
        let own = NIOLoopBound(calls.map(\.answer), eventLoop: loop)
        Task(executorPreference: executor) { [hooks, loop, calls = calls.map(\.call)] in
            let answers = await hooks.answers(to: calls)
            hooks.answers.end(calls.count)
            loop.execute { for (answer, text) in zip(own.value, answers) { answer(text) } }
        }
    }
}
