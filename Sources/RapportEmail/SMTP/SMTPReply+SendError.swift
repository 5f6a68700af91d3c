package import RapportChannels

extension SMTPReply {
    /// What a refusal means for the message, judged by codes only; texts differ from server to server.
    ///
    /// - Parameter command: what was refused. Only the refusal of a recipient, or an enhanced code that speaks of one,
    ///   can mean that the address is bad; a 550 after the content is about the content.
    package func sendError(refusing command: SMTPCommand) -> SendError {
        SendError(sendErrorCode(refusing: command), status: status)
    }

    private func sendErrorCode(refusing command: SMTPCommand) -> SendError.Code {
        let enhanced = self.enhanced
        if isTransient {
            return code == 421 || enhanced?.subject == 7 ? .throttled : .temporary
        }
        guard isPermanent else { return .connection }
        switch command {
        case .greeting, .ehlo, .helo, .quit:
            // The server refused to talk to us at all, which says nothing about a message.
            return .connection
        case .startTLS: return .configuration
        case .auth: return .authentication
        case .mail, .rcpt, .data, .content, .reset: break
        }
        if [530, 534, 535].contains(code) { return .authentication }
        if let enhanced, enhanced.subject != 0 {
            return Self.code(of: enhanced, isMailbox: command != .mail)
        }
        switch code {
        case 550, 551, 553: return command == .rcpt ? .badAddress : .rejected
        case 552: return .tooLarge
        default: return .rejected
        }
    }

    /// RFC 3463 and the IANA registry of its codes.
    private static func code(of status: EnhancedStatus, isMailbox: Bool) -> SendError.Code {
        switch (status.subject, status.detail) {
        // No such mailbox, no such domain, bad syntax, null MX, mailbox disabled.
        case (1, 1), (1, 2), (1, 3), (1, 10), (2, 1): isMailbox ? .badAddress : .rejected
        // Longer than the recipient or the system takes.
        case (2, 3), (3, 4): .tooLarge
        // Would have to be converted; an address that isn't ASCII.
        case (6, 3), (6, 7): .unsupported
        default: .rejected
        }
    }
}
