import RapportChannels
import RapportCore
import Synchronization

/// Calls the hub back with receipts, a bounded number at once, each until it is taken: the hub may be starting, or busy.
final class SandboxReports: Sendable {
    private struct State {
        var waiting: [SandboxReceipt] = []
        var workers = 0
    }

    /// As many as messages may be under way: their receipts share commits.
    private static let workers = 64
    private static let capacity = 1_000
    /// After these milliseconds; the last one again and again, for about ten minutes.
    private static let waits: [Int] = [0, 200, 1_000, 5_000]
    private static let tries = 120

    private let state = Mutex(State())
    private let http: any HTTPCalling
    private let call: @Sendable (SandboxReceipt) -> HTTPCall

    /// - Parameter call: made anew for each try, because a signature grows stale.
    init(http: any HTTPCalling, call: @escaping @Sendable (SandboxReceipt) -> HTTPCall) {
        self.http = http
        self.call = call
    }

    /// Returns when there is room for the receipt, which is the rate at which the hub takes them.
    func post(_ receipt: SandboxReceipt) async {
        while !Task.isCancelled, state.withLock({ $0.waiting.count >= Self.capacity }) {
            try? await Task.sleep(for: .milliseconds(10))
        }
        let starts = state.withLock { state in
            state.waiting.append(receipt)
            guard state.workers < Self.workers else { return false }
            state.workers += 1
            return true
        }
        if starts { Task { await work() } }
    }

    private func work() async {
        while let receipt = next() { await deliver(receipt) }
    }

    private func next() -> SandboxReceipt? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.workers -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func deliver(_ receipt: SandboxReceipt) async {
        for attempt in 0..<Self.tries {
            try? await Task.sleep(for: .milliseconds(Self.waits[min(attempt, Self.waits.count - 1)]))
            guard let answer = try? await http.call(call(receipt)) else { continue }
            // Anything but “not now” will be the same the next time.
            if answer.status < 500, answer.status != 429 { return }
        }
    }
}
