/// How long to wait, in milliseconds; the defaults are those of RFC 5321, section 4.5.3.2.
package struct SMTPTimeouts: Hashable, Sendable {
    /// TCP, and TLS once TCP stands.
    package var connect: Int64
    package var greeting: Int64
    /// EHLO, HELO, STARTTLS, each step of AUTH and RSET.
    package var command: Int64
    package var mail: Int64
    package var rcpt: Int64
    package var data: Int64
    /// For each block of the content to leave.
    package var block: Int64
    /// For the answer to the final dot.
    package var content: Int64
    package var quit: Int64

    package init(
        connect: Int64 = 30_000, greeting: Int64 = 300_000, command: Int64 = 300_000, mail: Int64 = 300_000,
        rcpt: Int64 = 300_000, data: Int64 = 120_000, block: Int64 = 180_000, content: Int64 = 600_000,
        quit: Int64 = 10_000
    ) {
        self.connect = connect
        self.greeting = greeting
        self.command = command
        self.mail = mail
        self.rcpt = rcpt
        self.data = data
        self.block = block
        self.content = content
        self.quit = quit
    }

    /// None of them longer than this.
    package func limited(to longest: Int64) -> SMTPTimeouts {
        SMTPTimeouts(
            connect: min(connect, longest), greeting: min(greeting, longest), command: min(command, longest),
            mail: min(mail, longest), rcpt: min(rcpt, longest), data: min(data, longest), block: min(block, longest),
            content: min(content, longest), quit: min(quit, longest))
    }

    func milliseconds(for wait: SMTPStateMachine.Wait) -> Int64 {
        switch wait {
        case .handshake: connect
        case .contentToLeave: block
        case .reply(.greeting): greeting
        case .reply(.ehlo), .reply(.helo), .reply(.startTLS), .reply(.auth), .reply(.reset): command
        case .reply(.mail): mail
        case .reply(.rcpt): rcpt
        case .reply(.data): data
        case .reply(.content): content
        case .reply(.quit): quit
        }
    }
}
