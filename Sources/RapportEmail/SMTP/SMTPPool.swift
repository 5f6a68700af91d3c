import Logging
import NIOCore
import NIOPosix
import RapportChannels
import RapportSockets
import Synchronization

/// The connections to one relay and the line of messages in front of them.
final class SMTPPool: Sendable {
    typealias State = SMTPPoolState<SMTPJob>

    private struct Shared {
        var state: State
        var channels: [Int: any Channel] = [:]
        /// Connections to be drained as soon as they have a channel.
        var isClosing = false
        var tickAt: Int64?
        var closed: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
    }

    let tls: SMTPTLS
    private let configuration: SMTPConfiguration
    /// All connections to one relay live here: replies that come together are read and answered together, and no lock
    /// is fought for.
    private let loop: any EventLoop
    private let writes = LoopValues(WritesOfTurn.init)
    private let logger: Logger
    private let shared: Mutex<Shared>
    private let lastJob = Atomic<UInt64>(0)

    init(_ configuration: SMTPConfiguration, group: any EventLoopGroup, logger: Logger) throws(SendError) {
        self.configuration = configuration
        loop = group.next()
        self.logger = logger
        tls = try SMTPTLS(configuration)
        shared = Mutex(Shared(state: State(configuration.pool)))
    }

    /// Numbers messages, so that they can be withdrawn.
    func makeIDs(_ count: Int) -> Range<UInt64> {
        let end = lastJob.wrappingAdd(UInt64(count), ordering: .relaxed).newValue + 1
        return end - UInt64(count)..<end
    }

    func enqueue(_ job: SMTPJob) {
        carryOut { $0.enqueue(job, now: $1) }
    }

    /// Messages that still wait are not sent; those that are under way run their course.
    func withdraw(_ ids: Range<UInt64>) {
        while let job = shared.withLock({ $0.state.withdraw { ids.contains($0.id) } }) {
            job.finish(.failure(SendError(.connection, status: "cancelled")))
        }
    }

    /// Takes back all that wait, and all that still come.
    func withdraw() {
        carryOut { state, _ in state.withdraw() }
    }

    func close() async {
        let deadline = loop.scheduleTask(in: .milliseconds(configuration.pool.closeTime)) { [self] in
            let channels = shared.withLock { Array($0.channels.values) }
            for channel in channels { call(.abandon, channel) }
        }
        shared.withLock { $0.isClosing = true }
        carryOut { state, _ in state.close() }
        await withCheckedContinuation { continuation in
            let isClosed = shared.withLock { shared in
                if !shared.isClosed { shared.closed.append(continuation) }
                return shared.isClosed
            }
            if isClosed { continuation.resume() }
        }
        deadline.cancel()
    }

    // MARK: What connections call

    func next(for id: Int, isIdle: Bool, wasUseful: Bool) -> SMTPJob? {
        let job = shared.withLock { $0.state.next(for: id, isIdle: isIdle, wasUseful: wasUseful, now: Self.now()) }
        if job == nil, isIdle { setTick() }
        return job
    }

    func ready(_ id: Int) {
        shared.withLock { $0.state.ready(id) }
    }

    func giveBack(_ job: SMTPJob, _ error: SendError) {
        guard job.returns < SMTPJob.returnLimit else { return job.finish(.failure(error)) }
        var job = job
        job.returns += 1
        carryOut { [job] in $0.giveBack(job, now: $1) }
    }

    func ended(_ id: Int, _ error: SendError?, wasUseful: Bool) {
        if let error { logger.warning("no connection to the relay", metadata: ["reason": "\(error)"]) }
        shared.withLock { _ = $0.channels.removeValue(forKey: id) }
        carryOut { $0.ended(id, error: error, wasUseful: wasUseful, now: $1) }
    }

    // MARK: Carrying out

    private static func now() -> Int64 {
        Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000)
    }

    private func carryOut(_ decide: (inout State, Int64) -> [State.Action]) {
        let actions = shared.withLock { decide(&$0.state, Self.now()) }
        for action in actions {
            switch action {
            case .connect(let id): connect(id)
            case .wake(let id): call(.fetch, id)
            case .drain(let id): call(.drain, id)
            case .fail(let job, let error): job.finish(.failure(error))
            case .closed: finishClosing()
            }
        }
        setTick()
    }

    private func call(_ call: SMTPConnectionHandler.Call, _ id: Int) {
        guard let channel = shared.withLock({ $0.channels[id] }) else { return }
        self.call(call, channel)
    }

    private func call(_ call: SMTPConnectionHandler.Call, _ channel: any Channel) {
        channel.pipeline.fireUserInboundEventTriggered(call)
    }

    private func finishClosing() {
        let waiting = shared.withLock { shared in
            shared.isClosed = true
            defer { shared.closed = [] }
            return shared.closed
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Sets the one timer of the pool when it is needed earlier than it is set for.
    private func setTick() {
        let at: Int64? = shared.withLock { shared in
            guard let next = shared.state.nextTick, shared.tickAt.map({ next < $0 }) ?? true else { return nil }
            shared.tickAt = next
            return next
        }
        guard let at else { return }
        loop.scheduleTask(in: .milliseconds(max(1, at - Self.now()))) { [weak self] in
            guard let self else { return }
            shared.withLock { if $0.tickAt == at { $0.tickAt = nil } }
            carryOut { $0.tick(now: $1) }
        }
    }

    private func connect(_ id: Int) {
        Task {
            do {
                let channel = try await open(id, settings()).get()
                // Told to close while it was connecting. Not before it is active: it would not say that it has ended.
                if shared.withLock({ $0.isClosing }) { call(.drain, channel) }
            } catch {
                ended(id, error as? SendError ?? SendError(.connection), wasUseful: false)
            }
        }
    }

    /// Called on the event loop, before the first byte is read: a connection that can be given messages can be called.
    private func opened(_ id: Int, _ channel: any Channel) {
        shared.withLock { if channel.isActive { $0.channels[id] = channel } }
    }

    private func settings() async throws -> SMTPStateMachine.Settings {
        var credentials = configuration.credentials
        if let current = configuration.currentCredentials { credentials = try await current() }
        return SMTPStateMachine.Settings(
            clientName: configuration.clientName, security: configuration.security, credentials: credentials,
            allowsAuthenticationInClear: configuration.allowsAuthenticationInClear,
            messageLimit: configuration.messagesPerConnection)
    }

    private func open(_ id: Int, _ settings: SMTPStateMachine.Settings) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(configuration.timeouts.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // A message that is called lost must not leave any more.
                    try pipeline.addHandler(GatheredWrites(in: writes.value(of: loop), closing: .cutsOff))
                    if settings.security == .tls { try pipeline.addHandler(tls.handler()) }
                    try pipeline.addHandler(
                        SMTPConnectionHandler(
                            id: id, pool: self, timeouts: configuration.timeouts, settings: settings))
                }
            }
            .connect(host: configuration.host, port: configuration.port)
            .map { [self] channel in
                opened(id, channel)
                return channel
            }
    }
}
