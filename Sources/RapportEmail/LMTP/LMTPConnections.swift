import NIOCore
import Synchronization

/// What the connections of one listener share: their number, their memory and the handler of messages.
final class LMTPConnections: Sendable {
    private struct Shared {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Messages being handled; a handler may outlive its connection.
        var deliveries = 0
        var memory = 0
        var isClosing = false
        var closed: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: LMTPConfiguration
    private let handler: @Sendable (LMTPMessage) async -> [LMTPReply]
    private let shared = Mutex(Shared())

    init(_ configuration: LMTPConfiguration, handler: @escaping @Sendable (LMTPMessage) async -> [LMTPReply]) {
        self.configuration = configuration
        self.handler = handler
    }

    /// - Returns: whether there is room for it; it is forgotten by itself when it closes.
    func add(_ channel: any Channel) -> Bool {
        let isAdded = shared.withLock { shared in
            guard !shared.isClosing, shared.channels.count < configuration.connections else { return false }
            shared.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        if isAdded { channel.closeFuture.whenComplete { _ in self.remove(channel) } }
        return isAdded
    }

    /// Takes memory for a content being read; `false` when too much is in use already.
    func reserve(_ bytes: Int) -> Bool {
        shared.withLock { shared in
            guard shared.memory + bytes <= configuration.memory else { return false }
            shared.memory += bytes
            return true
        }
    }

    func release(_ bytes: Int) {
        shared.withLock { $0.memory -= bytes }
    }

    /// Memory in use, for a test and a gauge.
    var memory: Int { shared.withLock { $0.memory } }

    /// Runs the handler, then `done` with its replies. The message counts as in use until then.
    func handle(_ message: LMTPMessage, done: @escaping @Sendable ([LMTPReply]) -> Void) {
        let size = message.bytes.count
        shared.withLock {
            $0.memory += size
            $0.deliveries += 1
        }
        Task {
            done(await handler(message))
            settle {
                $0.memory -= size
                $0.deliveries -= 1
            }
        }
    }

    /// Asks all to finish, waits for them within the time of the configuration, then closes what is left.
    ///
    /// It returns when no handler runs any more, however long that takes: a message that is being committed is.
    func close(on loop: any EventLoop) async {
        let channels = shared.withLock { shared in
            shared.isClosing = true
            return Array(shared.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(LMTPConnectionHandler.Call.drain) }
        let deadline = loop.scheduleTask(in: .milliseconds(configuration.closeTime)) {
            for channel in channels { channel.close(promise: nil) }
        }
        await withCheckedContinuation { continuation in
            settle { $0.closed.append(continuation) }
        }
        deadline.cancel()
    }

    private func remove(_ channel: any Channel) {
        settle { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Changes what is shared and tells those who wait for the end when it has come.
    private func settle(_ change: (inout sending Shared) -> Void) {
        let waiting = shared.withLock { shared -> [CheckedContinuation<Void, Never>] in
            change(&shared)
            guard shared.channels.isEmpty, shared.deliveries == 0 else { return [] }
            defer { shared.closed = [] }
            return shared.closed
        }
        for continuation in waiting { continuation.resume() }
    }
}
