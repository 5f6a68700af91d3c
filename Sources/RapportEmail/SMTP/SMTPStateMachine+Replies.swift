import RapportChannels

extension SMTPStateMachine {
    /// The server sent something.
    package mutating func received(_ bytes: [UInt8]) -> [Action] {
        var rest = bytes[...]
        // In `securing` the rest came in clear text together with the answer to STARTTLS: it is dropped.
        while !rest.isEmpty, phase != .closed, phase != .securing {
            do {
                guard let reply = try parser.next(&rest) else { break }
                take(reply)
            } catch {
                violated()
            }
        }
        return takeActions()
    }

    private mutating func take(_ reply: SMTPReply) {
        progress += 1
        guard !expectations.isEmpty else {
            // Out of the blue a server may only say that it closes (RFC 5321, section 3.8).
            return reply.code == 421 ? end(with: SendError(.connection, status: reply.status)) : violated()
        }
        let expected = expectations.removeFirst()
        switch expected.command {
        case .greeting, .ehlo, .helo, .startTLS, .auth:
            handshakeReply(reply, to: expected.command)
        case .mail, .rcpt, .data, .content:
            transactionReply(reply, to: expected)
        case .reset:
            guard reply.isPositive else { return end(with: SendError(.connection, status: reply.status)) }
            closeWhenDone()
        case .quit:
            phase = .closed
            actions.append(.close)
        }
    }

    /// The server said something that is no reply, or none that fits: nothing more it says can be matched to a message.
    mutating func violated() {
        end(with: SendError(.connection, status: "not SMTP"))
    }
}
