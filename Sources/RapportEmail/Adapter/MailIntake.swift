package import RapportChannels

/// Puts mails into the log, whether an MTA delivers them or somebody reads them from a file.
///
/// A mail is never refused for its form: what can't be read is logged as `unparsed` with its bytes.
package struct MailIntake: Sendable {
    private let adapter: String
    private let interpreter: MailInterpreter
    private let sink: any EventSink

    package init(adapter: String, interpreter: MailInterpreter, sink: any EventSink) {
        self.adapter = adapter
        self.interpreter = interpreter
        self.sink = sink
    }

    /// Commits what one mail says.
    ///
    /// - Returns: one result for each event that the mail became; several for a bounce of several recipients.
    package func take(
        _ bytes: [UInt8], envelope: MailEnvelope = MailEnvelope()
    ) async throws(EventSinkError) -> [CommittedEvent] {
        let events = interpreter.events(bytes, envelope: envelope)
        return try await sink.submit(events, adapter: adapter, region: nil)
    }

    /// Answers an MTA: every recipient shares the mail's fate.
    package func answer(_ message: LMTPMessage) async -> [LMTPReply] {
        let envelope = MailEnvelope(sender: message.mailFrom, recipients: message.recipients)
        let reply: LMTPReply
        do throws(EventSinkError) {
            _ = try await take(message.bytes, envelope: envelope)
            reply = .accepted
        } catch {
            reply = .tryLater
        }
        return Array(repeating: reply, count: message.recipients.count)
    }
}
