package import Logging
package import RapportChannels
package import RapportCore
package import RapportLog
import ServiceLifecycle
import Synchronization

/// Sends what is planned and due: claims with a verdict, renders, hands off, sends, records.
///
/// Two loops share the work, so that the store and the network are busy at the same time: one claims, the other records
/// in batches what the sends came to; each part of a claim is rendered, handed off and sent in a task of its own.
/// Every step is committed before the next begins, so that a hub that dies leaves at most what is in flight undecided.
package final class Dispatcher: Sendable {
    package struct Settings: Sendable {
        /// Dispatches in one claim.
        package var batch = 512
        package var schedule = RetrySchedule()
        /// How often to look for work that another process planned.
        package var pollMilliseconds: Int64 = 1000

        package init() {}
    }

    let store: any DispatchStoring & CampaignStoring & ChangeWatching
    let adapters: [String: any OutboundAdapter]
    let policy: PolicyHolder
    let renderer: MessageRenderer
    let parked: ParkedReceipts
    let node: Int64
    let settings: Settings
    let clock: Clock
    let logger: Logger
    let campaigns: CampaignCache
    let flight: Flight
    let outcomes = Mailbox<SendOutcome>()
    let alarm = Alarm()
    let buckets = Mutex(RateBuckets())
    private let completion = Mutex(CompletionWatch())

    package init(
        store: any DispatchStoring & CampaignStoring & IntakeStoring & ChangeWatching, adapters: [any OutboundAdapter],
        policy: PolicyHolder, renderer: MessageRenderer, node: Int64, settings: Settings = Settings(),
        clock: @escaping Clock, logger: Logger
    ) {
        self.store = store
        self.adapters = Dictionary(adapters.map { ($0.name, $0) }) { first, _ in first }
        self.policy = policy
        self.renderer = renderer
        self.node = node
        self.settings = settings
        self.clock = clock
        self.logger = logger
        parked = ParkedReceipts(store: store, clock: clock)
        campaigns = CampaignCache(store: store, logger: logger)
        flight = Flight(windows: Dictionary(adapters.map { ($0.name, $0.window) }) { first, _ in first })
    }

    /// Looks for work at once: something was planned in this process.
    package func wake() {
        alarm.ring()
    }

    /// How many messages are in the air now.
    package var inFlight: Int { flight.airborne }

    package func run() async throws {
        await withTaskGroup { group in
            group.addTask { await self.record() }
            group.addTask {
                await withTaskCancellationOrGracefulShutdownHandler {
                    await self.claimUntilStopped()
                } onCancelOrGracefulShutdown: {
                    self.stop()
                }
                self.outcomes.finish()
            }
        }
    }

    /// Messages that are rendered and handed off together.
    private static let part = 256

    private let isStopping = Mutex(false)

    var stopping: Bool { isStopping.withLock { $0 } }

    private func stop() {
        isStopping.withLock { $0 = true }
        flight.close()
        for adapter in adapters.values { adapter.withdraw() }
        alarm.ring()
    }

    /// Claims until told to stop, then waits for what is under way.
    ///
    /// What was claimed is rendered and sent beside the next claim, as far as there is room in the air; what is told to
    /// stop before that goes back.
    private func claimUntilStopped() async {
        await withDiscardingTaskGroup { underWay in
            while !stopping {
                do throws(StoreError) {
                    let now = clock()
                    let slots = flight.slots(at: now)
                    guard slots.contains(where: { $0.value > 0 }) else {
                        let wait = flight.hasRoom(at: now) ? Flight.patience : settings.pollMilliseconds
                        await alarm.sleep(milliseconds: wait)
                        continue
                    }
                    let version = store.version()
                    let claimed = try await claim(slots)
                    if claimed.isEmpty { try await rest(since: version) }
                    for part in parts(of: claimed) { underWay.addTask { await self.handOff(part) } }
                } catch {
                    logger.error("claiming failed", metadata: ["error": "\(error)"])
                    await alarm.sleep(milliseconds: 1000)
                }
            }
        }
    }

    /// In parts, so that the first leave while the last are still rendered, each of one adapter alone.
    private func parts(of claimed: [ClaimedDispatch]) -> [[ClaimedDispatch]] {
        Dictionary(grouping: claimed, by: \.adapter).values.flatMap { dispatches in
            stride(from: 0, to: dispatches.count, by: Self.part).map {
                Array(dispatches[$0..<min($0 + Self.part, dispatches.count)])
            }
        }
    }

    /// Calls campaigns completed that have come to their end.
    ///
    /// - Parameter isOwed: whether something has happened that may have ended one.
    func completeFinished(isOwed: Bool) async throws(StoreError) {
        let looks = completion.withLock { completion in
            if isOwed { completion.note() }
            return completion.takes(isIdle: flight.isEmpty, at: .now)
        }
        if looks { _ = try await store.completeFinished(at: clock()) }
    }

    /// Waits until something is due, something lands, somebody rings, or the store is another one than it was in this
    /// version.
    ///
    /// A campaign may come to its end without a message in the air: when all that was left of it was skipped,
    /// or settled after a crash.
    private func rest(since version: Int64?) async throws(StoreError) {
        if campaigns.hasWork { try await completeFinished(isOwed: true) }
        // What a throttle holds back is due long since; its time is when the throttle has room.
        let shut = throttled(at: clock()).compactMapValues(\.later)
        // What waits for an adapter that is not there is due again and again, and is looked at by and by.
        let next = try await store.nextDue(without: Set(shut.keys), adapters: Set(adapters.keys))
        let due = (shut.values + [next].compactMap { $0 }).min()
        var isOver = false
        while !isOver {
            let left = due.map { $0.milliseconds - clock().milliseconds } ?? .max
            let rang = await alarm.sleep(milliseconds: min(settings.pollMilliseconds, max(20, left)))
            try await completeFinished(isOwed: false)
            isOver = rang || left <= settings.pollMilliseconds || version == nil || store.version() != version
        }
    }
}
