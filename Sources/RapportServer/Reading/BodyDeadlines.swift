import NIOCore
import Synchronization

/// Ends the connections whose bodies take too long.
///
/// One timer looks after all of them, once a second while there are any: a timer for each request would wake an event
/// loop twice for it, which took a tenth of the time of a webhook.
final class BodyDeadlines: Sendable {
    private struct State {
        var lastID: UInt64 = 0
        var open: [UInt64: (end: NIODeadline, channel: any NIOCore.Channel)] = [:]
        var isWatching = false
    }

    private let timeout: TimeAmount
    private let state = Mutex(State())

    init(timeoutSeconds: Int) {
        timeout = .seconds(Int64(timeoutSeconds))
    }

    /// A body begins; its connection is closed when it has not ended in time, within a second.
    func begin(_ channel: any NIOCore.Channel) -> UInt64 {
        let (id, watches) = state.withLock { state in
            state.lastID += 1
            state.open[state.lastID] = (.now() + timeout, channel)
            defer { state.isWatching = true }
            return (state.lastID, !state.isWatching)
        }
        if watches { watch(on: channel.eventLoop) }
        return id
    }

    func end(_ id: UInt64) {
        state.withLock { _ = $0.open.removeValue(forKey: id) }
    }

    private func watch(on loop: any EventLoop) {
        loop.scheduleTask(in: .seconds(1)) { [self] in
            let late: [any NIOCore.Channel]? = state.withLock { state in
                state.isWatching = !state.open.isEmpty
                guard state.isWatching else { return nil }
                let now = NIODeadline.now()
                let late = state.open.filter { $0.value.end <= now }
                for id in late.keys { state.open.removeValue(forKey: id) }
                return late.values.map(\.channel)
            }
            guard let late else { return }
            for channel in late { channel.close(promise: nil) }
            watch(on: loop)
        }
    }
}
