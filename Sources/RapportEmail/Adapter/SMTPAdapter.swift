package import Logging
package import RapportChannels
package import RapportCore

/// Sends mail through one relay: composes each message and hands it to the connection pool.
package struct SMTPAdapter: OutboundAdapter {
    package let name: String
    package let channel = Channel.email
    package let window: Int

    private let composer: MailComposer
    private let transport: SMTPTransport

    /// - Parameter window: messages under way at once; also the most that can be left unknown by a crash.
    /// - Throws: `.configuration` when the sender or TLS can't be set up.
    package init(
        name: String, identity: MailIdentity, sender: MailSender, relay: SMTPConfiguration, window: Int,
        logger: Logger
    ) throws(SendError) {
        self.name = name
        self.window = window
        composer = try MailComposer(identity: identity, sender: sender)
        transport = try SMTPTransport(name: name, relay, logger: logger)
    }

    /// Keeps the connections; runs as long as the hub does.
    package var service: any ChannelService { transport }

    package func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        try await transport.send(envelope(message))
    }

    package func send(
        _ messages: [OutboundMessage], done: @escaping @Sendable (Int, Result<Receipt, SendError>) -> Void
    ) async {
        await transport.send(
            messages.count, envelope: { (index) throws(SendError) in try envelope(messages[index]) }, done: done)
    }

    package func withdraw() { transport.withdraw() }

    private func envelope(_ message: OutboundMessage) throws(SendError) -> SMTPEnvelope {
        let mail = try composer.compose(message)
        return SMTPEnvelope(
            mailFrom: mail.mailFrom, recipients: [mail.recipient], message: mail.bytes, needs8bit: mail.needs8Bit,
            needsUTF8: mail.needsUTF8)
    }
}
