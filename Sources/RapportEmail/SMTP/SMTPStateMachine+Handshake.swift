import RapportChannels

extension SMTPStateMachine {
    /// The connection stands; with `Security.tls` after the TLS handshake.
    package mutating func connected() -> [Action] {
        guard phase == .connecting else { return [] }
        isSecure = settings.security == .tls
        phase = .greeting
        expectations.append(Expectation(command: .greeting))
        return takeActions()
    }

    /// TLS stands, its certificate is good and names the host.
    package mutating func secured() -> [Action] {
        guard phase == .securing else { return [] }
        isSecure = true
        // What the server said before it was known to be the server is void (RFC 3207, section 4.2).
        capabilities = SMTPCapabilities()
        greet()
        return takeActions()
    }

    mutating func handshakeReply(_ reply: SMTPReply, to command: SMTPCommand) {
        switch command {
        case .greeting where reply.code == 220: greet()
        case .ehlo where reply.isPositive:
            capabilities = SMTPCapabilities(ehlo: reply)
            introduced()
        case .ehlo where reply.isPermanent:
            self.command(.helo, "HELO \(settings.clientName)")
        case .helo where reply.isPositive:
            introduced()
        case .startTLS where reply.code == 220:
            // In this phase `received` drops whatever came along in clear text: later it would be taken for the server's.
            phase = .securing
            actions.append(.startTLS)
        case .auth where reply.code == 334: answerChallenge()
        case .auth where reply.isPositive: becomeReady()
        default: fail(reply.sendError(refusing: command))
        }
    }

    private mutating func greet() {
        phase = .hello
        command(.ehlo, "EHLO \(settings.clientName)")
    }

    private mutating func introduced() {
        if settings.security == .startTLS, !isSecure {
            guard capabilities.startTLS else { return fail(SendError(.configuration, status: "no STARTTLS")) }
            phase = .startingTLS
            return command(.startTLS, "STARTTLS")
        }
        guard let credentials = settings.credentials else { return becomeReady() }
        guard isSecure || settings.allowsAuthenticationInClear else {
            return fail(SendError(.configuration, status: "no TLS for AUTH"))
        }
        guard let mechanism = credentials.mechanism(offered: capabilities.authentication) else {
            return fail(SendError(.configuration, status: "no AUTH mechanism in common"))
        }
        phase = .authenticating
        let (initial, answers) = credentials.dialogue(by: mechanism)
        authenticationAnswers = answers.reversed()
        let argument = initial.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
        command(.auth, "AUTH \(mechanism.rawValue)\(argument)")
    }

    private mutating func answerChallenge() {
        guard let answer = authenticationAnswers.popLast() else {
            return fail(SendError(.authentication, status: "334"))
        }
        command(.auth, String(decoding: answer, as: UTF8.self))
    }

    private mutating func becomeReady() {
        authenticationAnswers = []
        phase = .ready
        actions.append(.ready)
        closeWhenDone()
    }

    mutating func fail(_ error: SendError) {
        phase = .closed
        expectations = []
        authenticationAnswers = []
        actions += [.failed(error), .abort]
    }
}
