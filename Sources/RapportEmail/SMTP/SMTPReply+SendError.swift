package import RapportChannels

extension SMTPReply {
    /// What a refusal means for the message, judged by its codes.
    ///
    /// A bad address is never written to again, so it takes an enhanced code that says so or, where a recipient is
    /// refused with a general code, words that do, as in a bounce. A bare 550 is also what a relay says of itself: that
    /// it does not relay for us, that it does not like our name or our network.
    ///
    /// - Parameter command: what was refused. A 550 after the content is about the content.
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
        let words = command == .rcpt ? String(decoding: text, as: UTF8.self) : ""
        if command != .mail, FailureCodes.addressIsBad(code: enhanced?.description, words: words) { return .badAddress }
        if let enhanced, enhanced.subject != 0 { return Self.code(of: enhanced) }
        return code == 552 ? .tooLarge : .rejected
    }

    /// RFC 3463 and the IANA registry of its codes.
    private static func code(of status: EnhancedStatus) -> SendError.Code {
        switch (status.subject, status.detail) {
        // Longer than the recipient or the system takes.
        case (2, 3), (3, 4): .tooLarge
        // Would have to be converted; an address that isn't ASCII.
        case (6, 3), (6, 7): .unsupported
        default: .rejected
        }
    }
}
