import RapportChannels
import RapportCore
import RapportEmail

/// Takes mails from files into the log, as the LMTP adapter would have.
///
/// Several mails share one transaction, in the order in which they come, so that an answer finds what it answers.
package struct MailIngest: Sendable {
    /// What came of a run.
    package struct Summary: Hashable, Sendable {
        package var mails = 0
        /// Events that were not in the log.
        package var new = 0
        package var repetitions = 0
        /// New events by kind.
        package var kinds: [String: Int] = [:]
        /// Files that were not taken in, and why.
        package var problems: [String] = []
    }

    private let adapter: String
    private let interpreter: MailInterpreter
    private let sink: any EventSink
    private let mailLimit: Int
    private static let batchEvents = 64
    private static let batchBytes = 8 << 20

    /// - Parameter adapter: of type `lmtp`; `nil`: the configuration's first.
    /// - Throws: `ConfigurationError` when there is none, or the hub's secret can't be read.
    package init(_ hub: HubContext, adapter: String?) throws {
        let entries = hub.configuration.adapters.compactMap { entry in
            (entry.settings as? LMTPSettings).map { (entry.name, $0) }
        }
        guard let (name, settings) = entries.first(where: { adapter == nil || $0.0 == adapter }) else {
            let names = entries.map(\.0).joined(separator: ", ")
            throw ConfigurationError(
                adapter.map {
                    "there is no adapter ‘\($0)’ of type lmtp" + (names.isEmpty ? "" : "; there is \(names)")
                }
                    ?? "the configuration has no adapter of type lmtp, whose mailboxes tell bounces from messages")
        }
        self.adapter = name
        interpreter = MailInterpreter(identity: settings.mailboxes.identity(tokens: try hub.tokens()))
        sink = hub.intake()
        mailLimit = settings.maxMessage
    }

    /// - Parameters:
    ///   - source: a file, a folder, or `-` for the standard input.
    ///   - progress: called after each transaction with the mails read so far.
    /// - Throws: `MailSourceError`, `ConfigurationError` when the store takes nothing; what is in the log by then stays,
    ///   and the next run changes nothing of it.
    package func run(
        _ source: String, progress: @escaping @Sendable (_ mails: Int) -> Void
    ) async throws -> Summary {
        var summary = Summary()
        var events: [InboundEvent] = []
        var bytes = 0
        for mail in try MailSource(argument: source).mails(limit: mailLimit) {
            try Task.checkCancellation()
            let content: [UInt8]
            switch mail.content {
            case .success(let bytes): content = bytes
            case .failure(let error):
                summary.problems.append("\(error)")
                continue
            }
            guard content.count <= mailLimit else {
                summary.problems.append("\(mail.name): larger than \(mailLimit) bytes")
                continue
            }
            summary.mails += 1
            events += interpreter.events(content)
            bytes += content.count
            guard events.count >= Self.batchEvents || bytes >= Self.batchBytes else { continue }
            try await commit(&events, into: &summary)
            bytes = 0
            progress(summary.mails)
        }
        try await commit(&events, into: &summary)
        progress(summary.mails)
        return summary
    }

    private func commit(_ events: inout [InboundEvent], into summary: inout Summary) async throws {
        guard !events.isEmpty else { return }
        let committed: [CommittedEvent]
        do throws(EventSinkError) {
            committed = try await sink.submit(events, adapter: adapter, region: nil)
        } catch {
            throw ConfigurationError(
                "the store takes nothing now (\(error)); \(summary.new + summary.repetitions) events are in, "
                    + "run it again and it goes on")
        }
        for (event, result) in zip(events, committed) {
            if result.isRepetition {
                summary.repetitions += 1
            } else {
                summary.new += 1
                summary.kinds[event.kind.rawValue, default: 0] += 1
            }
        }
        events = []
    }
}
