import RapportEmail

extension HostileParser {
    static let transport: [HostileParser] = [lmtp, smtpReply]

    private static let lmtp = HostileParser(
        "lmtp",
        samples: [
            "zLHLO a\r\nMAIL FROM:<a@example.com> SIZE=10 BODY=8BITMIME\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
                + "Subject: x\r\n\r\n..x\r\n.\r\nRSET\r\nNOOP\r\nQUIT\r\n",
            "\u{3}LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@example.com>\r\nRCPT TO:<\"b c\"@example.com>\r\nBDAT 4\r\n",
        ],
        words: [
            "LHLO ", "MAIL FROM:<", "RCPT TO:<", "DATA\r\n", "\r\n.\r\n", "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "VRFY ",
            " SMTPUTF8", " SIZE=", " BODY=8BITMIME", "EHLO ", "HELO ", ">\r\n", "STARTTLS\r\n", "\r\n..",
        ]
    ) { bytes throws(BrokenPromise) in
        var machine = LMTPStateMachine(
            hostName: "hub.example.com", limits: LMTPLimits(message: 512, recipients: 4, line: 128, idleCommands: 20)
        ) { recipient in
            recipient.hasPrefix("nobody") ? LMTPReply(550, EnhancedStatus(5, 1, 1), "nobody here") : nil
        }
        let size = max(1, Int(bytes.first ?? 1))
        var actions = machine.connected()
        var rest = bytes.dropFirst()
        while true {
            while !actions.isEmpty {
                guard case .deliver(let message) = actions.removeFirst() else { continue }
                guard message.bytes.count <= 512, (1...4).contains(message.recipients.count) else {
                    throw BrokenPromise("a message beyond the limits was delivered")
                }
                actions += machine.delivered(
                    message.recipients.map { _ in LMTPReply(250, EnhancedStatus(2, 0, 0), "kept") })
            }
            guard machine.heldBytes <= 512 + 128 + 2 * 255 else {
                throw BrokenPromise("\(machine.heldBytes) bytes are held for one connection")
            }
            guard !rest.isEmpty, machine.phase != .closed else { return }
            actions = machine.received(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
    }

    private static let smtpReply = HostileParser(
        "smtp-reply",
        samples: ["z250-mx.example.com\r\n250-SIZE 1000\r\n250 2.1.0 ok\r\n", "\u{2}450 4.7.1 later\n", "z220 a\r\n"],
        words: ["250-", "250 ", "550 5.1.1 ", "421 4.7.0 ", "\r\n", "334 ", "999 "]
    ) { bytes throws(BrokenPromise) in
        var parser = SMTPReplyParser(limits: .init(line: 64, lines: 8))
        let size = max(1, Int(bytes.first ?? 1))
        var rest = bytes.dropFirst()
        while !rest.isEmpty {
            var piece = rest.prefix(size)
            rest = rest.dropFirst(size)
            while let reply = try? parser.next(&piece) {
                guard (200...599).contains(reply.code), reply.text.count <= 8 * 64 else {
                    throw BrokenPromise("a reply beyond the limits was read")
                }
                _ = reply.sendError(refusing: .rcpt)
            }
        }
    }
}
