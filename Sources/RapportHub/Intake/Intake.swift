package import Logging
package import RapportChannels
package import RapportCore
package import RapportLog
import Synchronization

/// The way into the log for everything that happens: normalizes, decides, commits, and answers only then.
///
/// Callers may submit at the same time from anywhere; who comes while a commit is under way shares the next one. What
/// waits is bounded.
package final class Intake: EventSink {
    private let normalizer: any AddressNormalizing
    private let settings: IntakeSettings
    private let clock: Clock
    private let logger: Logger
    private let waiting = Mutex(0)
    private let isDraining = Mutex(false)
    private let groups: SubmissionCombiner<ResolvedEvent, IntakeOutcome>
    private let lookUp: CallerLookUp

    /// Events in one commit.
    private static let groupLimit = 512

    package init(
        store: any IntakeStoring & CustomerStoring, normalizer: any AddressNormalizing, settings: IntakeSettings,
        clock: @escaping Clock, logger: Logger = Logger(label: "rapport.intake")
    ) {
        self.normalizer = normalizer
        self.settings = settings
        self.clock = clock
        self.logger = logger
        lookUp = CallerLookUp(store: store, patience: settings.callerPatience, logger: logger)
        groups = SubmissionCombiner(limit: Self.groupLimit) { gather throws(StoreError) in
            try await store.commit(upTo: Self.groupLimit) {
                let events = gather()
                let now = clock()
                let decider = IntakeDecider(settings: settings, now: now)
                let query = IntakeQuery(
                    recordedAt: now, campaignsSince: now.adding(seconds: -settings.responseWindowSeconds))
                return IntakeBatch(items: events.map(\.item), query: query) { new, facts in
                    decider.decide(new.map { events[$0] }, facts: &facts)
                }
            }
        }
    }

    package func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        try await submit([delivery])[0].get()
    }

    package func submit(_ deliveries: [InboundDelivery]) async -> [Result<[CommittedEvent], EventSinkError>] {
        var results = [Result<[CommittedEvent], EventSinkError>](repeating: .success([]), count: deliveries.count)
        var taken: [(index: Int, events: [ResolvedEvent])] = []
        for (index, delivery) in deliveries.enumerated() where !delivery.events.isEmpty {
            do throws(EventSinkError) {
                try enter(delivery.events.count)
                taken.append((index, resolved(delivery)))
            } catch {
                results[index] = .failure(error)
            }
        }
        guard !taken.isEmpty else { return results }
        let parts = taken.map(\.events)
        let outcomes = await groups.commit(parts)
        leave(taken.reduce(0) { $0 + $1.events.count })
        // All of them at once: those who came together are answered together.
        let callers = await lookUp.customers(Self.callers(in: parts, outcomes))
        for ((index, events), outcomes) in zip(taken, outcomes) {
            do throws(StoreError) {
                results[index] = .success(Self.describe(try outcomes.get(), of: events, callers))
            } catch {
                logger.error("events were not taken", metadata: ["error": "\(error)", "events": "\(events.count)"])
                results[index] = .failure(EventSinkError(error))
            }
        }
        return results
    }

    /// Refuses new events from now on; those that wait are still committed.
    package func drain() {
        isDraining.withLock { $0 = true }
    }

    /// How many events wait for their commit now.
    package var backlog: Int { waiting.withLock { $0 } }

    private func enter(_ count: Int) throws(EventSinkError) {
        if isDraining.withLock({ $0 }) { throw .shuttingDown }
        let fits = waiting.withLock { waiting in
            guard waiting == 0 || waiting + count <= settings.capacity else { return false }
            waiting += count
            return true
        }
        guard fits else { throw .busy }
    }

    private func leave(_ count: Int) {
        waiting.withLock { $0 -= count }
    }

    private func resolved(_ delivery: InboundDelivery) -> [ResolvedEvent] {
        delivery.events.map { event in
            ResolvedEvent(
                event, adapter: delivery.adapter, region: delivery.region ?? settings.region, normalizer: normalizer,
                settings: settings)
        }
    }

    /// Those on whom an answer on the telephone depends; other channels don't need it and are spared the look-up.
    private static func callers(
        in parts: [[ResolvedEvent]], _ outcomes: [Result<[IntakeOutcome], StoreError>]
    ) -> [CustomerID] {
        var callers: [CustomerID] = []
        for (events, outcomes) in zip(parts, outcomes) {
            guard case .success(let outcomes) = outcomes else { continue }
            for (event, outcome) in zip(events, outcomes) where event.event.channel == .ivr {
                if let customer = outcome.customer { callers.append(customer) }
            }
        }
        return callers
    }

    private static func describe(
        _ outcomes: [IntakeOutcome], of events: [ResolvedEvent], _ callers: [CustomerID: Customer]
    ) -> [CommittedEvent] {
        zip(events, outcomes).map { event, outcome in
            let profile = event.event.channel == .ivr ? outcome.customer.flatMap { callers[$0]?.profile } : nil
            return CommittedEvent(
                interaction: outcome.interaction, customer: outcome.customer, isRepetition: outcome.isRepetition,
                address: event.addresses.first, language: profile?.language, owner: profile?.owner)
        }
    }
}

extension EventSinkError {
    /// What a sender is told of it; the reason is for the hub's own log.
    init(_ error: StoreError) {
        switch error.code {
        case .closed: self = .shuttingDown
        case .busy: self = .busy
        case .full, .unavailable, .corrupt, .newerVersion, .olderVersion, .contract: self = .storeUnavailable
        }
    }
}
