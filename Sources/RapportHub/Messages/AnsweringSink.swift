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
        guard let help = settings.help else { return results }
        let questions = Self.questions(in: deliveries, results)
        guard !questions.isEmpty else { return results }
        // All of them at once: those who came together are answered together.
        let customers = await lookUp(questions.map(\.customer))
        for question in questions {
            // What is left of a delivery that failed comes again with it.
            guard case .success = results[question.delivery] else { continue }
            do throws(EventSinkError) {
                try await answer(question, with: help, customers)
            } catch {
                results[question.delivery] = .failure(error)
            }
        }
        return results
    }

    /// An event that asks for help, from somebody who can be answered.
    private struct Question {
        /// The place of its delivery among those that came together.
        var delivery: Int
        var adapter: String
        var channel: Channel
        var interaction: InteractionID
        var customer: CustomerID
        var address: Address
    }

    /// In the order in which they came.
    private static func questions(
        in deliveries: [InboundDelivery], _ results: [Result<[CommittedEvent], EventSinkError>]
    ) -> [Question] {
        var questions: [Question] = []
        for (index, delivery) in deliveries.enumerated() {
            guard case .success(let committed) = results[index] else { continue }
            for (event, outcome) in zip(delivery.events, committed) where event.asksForHelp {
                guard let customer = outcome.customer, let address = outcome.address else { continue }
                questions.append(
                    Question(
                        delivery: index, adapter: delivery.adapter, channel: event.channel,
                        interaction: outcome.interaction, customer: customer, address: address))
            }
        }
        return questions
    }

    private func lookUp(_ ids: [CustomerID]) async -> Result<[CustomerID: Customer], StoreError> {
        do throws(StoreError) {
            return .success(try await store.customers(ids))
        } catch {
            return .failure(error)
        }
    }

    private func answer(
        _ question: Question, with help: String, _ customers: Result<[CustomerID: Customer], StoreError>
    ) async throws(EventSinkError) {
        let adapter = question.adapter
        guard let share = budget.withLock({ $0.take(question.address, at: clock()) }) else {
            logger.warning("HELP is asked for too often to be answered", metadata: ["adapter": "\(adapter)"])
            return
        }
        // A repetition plans nothing when the first delivery did, and what is not planned is no answer.
        var isAnswered = false
        defer { if !isAnswered { budget.withLock { $0.giveBack(share) } } }
        do {
            guard let customer = try customers.get()[question.customer] else { return }
            let planned = try await messages.send(
                SingleMessage(text: help, isAutomatic: true), to: customer, channels: [question.channel],
                messageClass: .transactional, topic: settings.topic, key: "help:\(question.interaction)",
                address: question.address, adapter: adapter)
            isAnswered = !planned.isRepetition
        } catch is StoreError {
            throw .storeUnavailable
        } catch {
            logger.warning("HELP could not be answered", metadata: ["error": "\(error)", "adapter": "\(adapter)"])
        }
    }
}

extension InboundEvent {
    fileprivate var asksForHelp: Bool {
        requests.contains { if case .help = $0 { true } else { false } }
    }
}
