package import Logging
package import RapportChannels
package import RapportCore
package import RapportLog
import Synchronization

/// Answers HELP, at the address that asked and not without end.
///
/// Stands before the intake: the event is committed first, then the answer is planned under a key of its own, so that a
/// repeated delivery of the event plans nothing twice and a crash in between is mended by the repetition. What was asked
/// too often to be answered is not answered because it is repeated.
package final class AnsweringSink: EventSink {
    package struct Settings: Sendable {
        /// What HELP is answered with; `nil`: it is logged and not answered.
        package var help: String?
        package var topic: String

        package init(help: String?, topic: String) {
            self.help = help
            self.topic = topic
        }
    }

    private let next: any EventSink
    private let messages: MessageDesk
    private let store: any CustomerStoring
    private let settings: Settings
    private let clock: Clock
    private let logger: Logger
    private let budget = Mutex(HelpBudget())

    package init(
        next: any EventSink, messages: MessageDesk, store: any CustomerStoring, settings: Settings,
        clock: @escaping Clock, logger: Logger
    ) {
        self.next = next
        self.messages = messages
        self.store = store
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    package func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        try await submit([delivery])[0].get()
    }

    package func submit(_ deliveries: [InboundDelivery]) async -> [Result<[CommittedEvent], EventSinkError>] {
        var results = await next.submit(deliveries)
        for (index, delivery) in deliveries.enumerated() {
            guard case .success(let committed) = results[index] else { continue }
            do throws(EventSinkError) {
                try await answer(delivery, committed)
            } catch {
                results[index] = .failure(error)
            }
        }
        return results
    }

    private func answer(_ delivery: InboundDelivery, _ committed: [CommittedEvent]) async throws(EventSinkError) {
        guard let help = settings.help else { return }
        let adapter = delivery.adapter
        for (event, outcome) in zip(delivery.events, committed) where event.asksForHelp {
            guard let id = outcome.customer, let address = outcome.address else { continue }
            guard let share = budget.withLock({ $0.take(address, at: clock()) }) else {
                logger.warning("HELP is asked for too often to be answered", metadata: ["adapter": "\(adapter)"])
                continue
            }
            // A repetition plans nothing when the first delivery did, and what is not planned is no answer.
            var isAnswered = false
            defer { if !isAnswered { budget.withLock { $0.giveBack(share) } } }
            do {
                guard let customer = try await store.customers([id])[id] else { continue }
                let planned = try await messages.send(
                    SingleMessage(text: help, isAutomatic: true), to: customer, channels: [event.channel],
                    messageClass: .transactional, topic: settings.topic, key: "help:\(outcome.interaction)",
                    address: address, adapter: adapter)
                isAnswered = !planned.isRepetition
            } catch is StoreError {
                throw .storeUnavailable
            } catch {
                logger.warning("HELP could not be answered", metadata: ["error": "\(error)", "adapter": "\(adapter)"])
            }
        }
    }
}

extension InboundEvent {
    fileprivate var asksForHelp: Bool {
        requests.contains { if case .help = $0 { true } else { false } }
    }
}
