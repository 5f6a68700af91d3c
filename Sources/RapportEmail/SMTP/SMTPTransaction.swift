package import RapportChannels

/// What has to be known of a message before its content is sent: checked addresses, size and needs.
package struct SMTPTransaction: Hashable, Sendable {
    package let mailFrom: [UInt8]
    package let recipients: [[UInt8]]
    /// Bytes of the message as RFC 1870 counts them: with line ends, without dot-stuffing.
    package let size: Int
    package let needs8bit: Bool
    package let needsUTF8: Bool

    /// RFC 5321, section 4.5.3.1.8: a server takes at least this many recipients.
    private static let recipientLimit = 100

    /// - Throws: `.badAddress` or `.configuration` for a recipient or a return path that can't be written into a
    ///   command, `.unsupported` for too many recipients or none.
    package init(_ envelope: SMTPEnvelope, content: SMTPContent) throws(SendError) {
        guard 1...Self.recipientLimit ~= envelope.recipients.count else {
            throw SendError(.unsupported, status: "recipients")
        }
        mailFrom = Array(envelope.mailFrom.utf8)
        recipients = envelope.recipients.map { Array($0.utf8) }
        guard mailFrom.isEmpty || SMTPPath.isValid(mailFrom[...]) else {
            throw SendError(.configuration, status: "return path")
        }
        guard recipients.allSatisfy({ SMTPPath.isValid($0[...]) }) else {
            throw SendError(.badAddress, status: "syntax")
        }
        size = envelope.message.count
        needs8bit = envelope.needs8bit || content.has8bit
        needsUTF8 =
            envelope.needsUTF8 || mailFrom.contains { $0 > 127 } || recipients.contains { $0.contains { $0 > 127 } }
    }

    /// Whether a server with these capabilities can take the message; found out before anything is sent.
    package func refusal(by capabilities: SMTPCapabilities) -> SendError? {
        if let limit = capabilities.sizeLimit, size > limit { return SendError(.tooLarge, status: "SIZE \(limit)") }
        if needsUTF8, !capabilities.smtpUTF8 { return SendError(.unsupported, status: "no SMTPUTF8") }
        if needs8bit, !capabilities.eightBitMIME { return SendError(.unsupported, status: "no 8BITMIME") }
        return nil
    }
}
