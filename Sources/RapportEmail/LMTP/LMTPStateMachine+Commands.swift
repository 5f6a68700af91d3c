extension LMTPStateMachine {
    mutating func take(_ command: LMTPCommand) {
        idleCommands += 1
        guard idleCommands <= limits.idleCommands else {
            return sayGoodbye(LMTPReply(421, EnhancedStatus(4, 7, 0), "too many commands without a message"))
        }
        switch command {
        case .lhlo: greet()
        case .mail(let path, let parameters): mail(path, parameters)
        case .rcpt(let path, let parameters): recipient(path, parameters)
        case .data: data()
        case .reset:
            if phase != .connected { forgetEnvelope() }
            reply(LMTPReply(250, EnhancedStatus(2, 0, 0), "flushed"))
        case .noop: reply(LMTPReply(250, EnhancedStatus(2, 0, 0), "nothing done"))
        case .quit: sayGoodbye(LMTPReply(221, EnhancedStatus(2, 0, 0), "good-bye"))
        case .notLMTP: reply(LMTPReply(500, EnhancedStatus(5, 5, 1), "this is LMTP: say LHLO"))
        case .malformed: reply(LMTPReply(501, EnhancedStatus(5, 5, 4), "malformed command"))
        case .unknown: reply(LMTPReply(500, EnhancedStatus(5, 5, 1), "unknown command"))
        }
    }

    private mutating func greet() {
        forgetEnvelope()
        write(
            "250-\(hostName)\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                + "250 SIZE \(limits.message)\r\n")
    }

    private mutating func mail(_ path: String, _ parameters: [String]) {
        guard phase == .ready else { return outOfOrder() }
        var hasUTF8 = false
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            switch (parts.first?.uppercased(), parts.dropFirst().first?.uppercased()) {
            case ("SIZE", let size?):
                guard size.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), size.utf8.count <= 20 else { return badParameter() }
                // A number beyond what an Int holds is beyond the limit as well.
                guard let size = Int(size), size <= limits.message else { return reply(.tooLarge) }
            case ("BODY", "7BIT"), ("BODY", "8BITMIME"): break
            case ("SMTPUTF8", nil): hasUTF8 = true
            default: return badParameter()
            }
        }
        guard path.isEmpty || SMTPPath.isValid(path), hasUTF8 || path.utf8.allSatisfy({ $0 < 128 }) else {
            return reply(LMTPReply(501, EnhancedStatus(5, 1, 7), "malformed sender"))
        }
        mailFrom = path
        allowsUTF8 = hasUTF8
        phase = .envelope
        reply(LMTPReply(250, EnhancedStatus(2, 1, 0), "sender taken"))
    }

    private mutating func recipient(_ path: String, _ parameters: [String]) {
        guard phase == .envelope else { return outOfOrder() }
        guard parameters.isEmpty else { return badParameter() }
        // RFC 5321, section 4.1.1.3: postmaster needs no domain.
        guard SMTPPath.isValid(path) || path.lowercased() == "postmaster",
            allowsUTF8 || path.utf8.allSatisfy({ $0 < 128 })
        else { return reply(LMTPReply(501, EnhancedStatus(5, 1, 3), "malformed recipient")) }
        guard recipients.count < limits.recipients else {
            return reply(LMTPReply(452, EnhancedStatus(4, 5, 3), "too many recipients"))
        }
        if let refusal = accepts(path) { return reply(refusal) }
        recipients.append(path)
        idleCommands -= 1
        reply(LMTPReply(250, EnhancedStatus(2, 1, 5), "recipient taken"))
    }

    private mutating func data() {
        guard phase == .envelope, !recipients.isEmpty else { return outOfOrder() }
        phase = .content
        reader = LMTPContentReader(limit: limits.message)
        write("354 end with a dot\r\n")
    }

    private mutating func outOfOrder() {
        reply(LMTPReply(503, EnhancedStatus(5, 5, 1), "out of order"))
    }

    private mutating func badParameter() {
        reply(LMTPReply(555, EnhancedStatus(5, 5, 4), "unknown parameter"))
    }
}
