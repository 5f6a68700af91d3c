import RapportChannels
import RapportEmail
import Testing

@Suite struct SMTPStateMachineTests {
    private static let envelope = "MAIL FROM:<f@a.example>\r\nRCPT TO:<t@b.example>\r\nDATA\r\n"

    @Test("introduces itself, and as an old client to an old server")
    func hello() {
        var driver = SMTPDriver(.init(clientName: "me.example", security: .none))
        driver.add(driver.machine.connected())
        #expect(driver.taken() == [])
        driver.say("220-hi\r\n220 there\r\n")
        #expect(driver.taken() == ["EHLO me.example\r\n"])
        driver.say("502 what\r\n")
        #expect(driver.taken() == ["HELO me.example\r\n"])
        driver.say("250 hi\r\n")
        #expect(driver.taken() == ["ready"])
        #expect(driver.machine.isIdle)
    }

    @Test(
        "does not get ready with a server that refuses it",
        arguments: [
            (["554 5.7.1 blocked\r\n"], "failed: connection 554 5.7.1"),
            (["421 4.7.0 busy\r\n"], "failed: throttled 421 4.7.0"),
            (["220 hi\r\n", "421 4.3.2 no\r\n"], "failed: throttled 421 4.3.2"),
            (["220 hi\r\n", "500 no\r\n", "550 no\r\n"], "failed: connection 550"),
            (["SSH-2.0-OpenSSH_9.2\r\n"], "failed: connection not SMTP"),
            (["354 go\r\n"], "failed: connection 354"),
        ])
    func refused(lines: [String], expected: String) {
        var driver = SMTPDriver(.init(clientName: "me.example", security: .none))
        driver.add(driver.machine.connected())
        for line in lines { driver.say(line) }
        #expect(driver.taken().suffix(2) == [expected, "abort"])
        #expect(driver.machine.isClosed)
    }

    @Test("asks for TLS, forgets what came before it, and goes nowhere without it")
    func startTLS() {
        var driver = SMTPDriver(.init(clientName: "me.example", security: .startTLS))
        driver.add(driver.machine.connected())
        driver.say("220 hi\r\n")
        driver.say("250-hi\r\n250-STARTTLS\r\n250 PIPELINING\r\n")
        #expect(driver.taken() == ["EHLO me.example\r\nSTARTTLS\r\n"])
        // An attacker's words behind the server's: they must not be taken for an answer given under TLS.
        driver.say("220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n")
        #expect(driver.taken() == ["TLS"])
        driver.say("250 still clear\r\n")
        #expect(driver.taken() == [])
        driver.add(driver.machine.secured())
        #expect(driver.taken() == ["EHLO me.example\r\n"])
        #expect(driver.machine.capabilities == SMTPCapabilities())
        driver.say("250 hi\r\n")
        #expect(driver.taken() == ["ready"])

        for (answer, expected) in [
            ("250 hi\r\n", "failed: configuration no STARTTLS"),
            ("250-hi\r\n250 STARTTLS\r\n454 4.7.0 no\r\n", "failed: throttled 454 4.7.0"),
            ("250-hi\r\n250 STARTTLS\r\n502 no\r\n", "failed: configuration 502"),
        ] {
            var driver = SMTPDriver(.init(clientName: "me.example", security: .startTLS))
            driver.add(driver.machine.connected())
            driver.say("220 hi\r\n")
            driver.say(answer)
            #expect(driver.taken().contains(expected))
        }
    }

    @Test("a line that breaks amid the handshake of TLS is told apart, however it breaks", arguments: [true, false])
    func lostInTLS(isReset: Bool) {
        for security in [SMTPStateMachine.Security.startTLS, .tls] {
            var driver = SMTPDriver(.init(clientName: "me.example", security: security))
            if security == .startTLS {
                driver.add(driver.machine.connected())
                driver.say("220 hi\r\n")
                driver.say("250-hi\r\n250 STARTTLS\r\n")
                driver.say("220 go\r\n")
            }
            driver.add(isReset ? driver.machine.failed(SendError(.connection)) : driver.machine.closed())
            #expect(driver.taken().suffix(2) == ["failed: connection TLS", "abort"])
        }
        var driver = SMTPDriver(.init(clientName: "me.example", security: .none))
        driver.add(driver.machine.connected())
        driver.add(driver.machine.closed())
        #expect(driver.taken() == ["failed: connection -", "abort"])
    }

    @Test("a reply cut by the start of TLS is not completed by what comes after it")
    func halfReplyBeforeTLS() {
        var driver = SMTPDriver(.init(clientName: "me.example", security: .startTLS))
        driver.add(driver.machine.connected())
        driver.say("220 hi\r\n")
        driver.say("250-hi\r\n250 STARTTLS\r\n")
        driver.say("220 go\r\n250-evil")
        driver.add(driver.machine.secured())
        _ = driver.taken()
        driver.say("250 good\r\n")
        #expect(driver.taken() == ["ready"])
    }

    private static let password = SMTPCredentials(user: "ana", secret: Secret("pässword"))
    private static let token = SMTPCredentials(kind: .accessToken, user: "ana@a.example", secret: Secret("ya29.x"))

    @Test("proves who it is by what the server offers")
    func authentication() {
        func dialogue(_ credentials: SMTPCredentials, _ offered: String, _ answers: [String]) -> [String] {
            var driver = SMTPDriver(.init(clientName: "me.example", security: .tls, credentials: credentials))
            driver.add(driver.machine.connected())
            driver.say("220 hi\r\n")
            driver.actions = []
            driver.say("250-hi\r\n250 AUTH \(offered)\r\n")
            for answer in answers { driver.say(answer + "\r\n") }
            return driver.taken()
        }
        #expect(
            dialogue(Self.password, "LOGIN plain", ["235 2.7.0 ok"]) == [
                "AUTH PLAIN AGFuYQBww6Rzc3dvcmQ=\r\n", "ready",
            ])
        #expect(
            dialogue(Self.password, "LOGIN", ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok"])
                == ["AUTH LOGIN\r\nYW5h\r\ncMOkc3N3b3Jk\r\n", "ready"])
        let bearer = "AUTH XOAUTH2 dXNlcj1hbmFAYS5leGFtcGxlAWF1dGg9QmVhcmVyIHlhMjkueAEB\r\n"
        #expect(dialogue(Self.token, "PLAIN XOAUTH2", ["235 ok"]) == [bearer, "ready"])
        #expect(
            dialogue(Self.token, "XOAUTH2", ["334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.8 no"]).suffix(2)
                == ["failed: authentication 535 5.7.8", "abort"])
        #expect(
            dialogue(Self.password, "PLAIN", ["535 5.7.8 no"])[1...] == ["failed: authentication 535 5.7.8", "abort"])
        #expect(dialogue(Self.password, "PLAIN", ["454 no"])[1] == "failed: temporary 454")
        #expect(dialogue(Self.password, "LOGIN", ["334 a", "334 b", "334 c"])[1] == "failed: authentication 334")
        #expect(
            dialogue(Self.password, "GSSAPI", []) == ["failed: configuration no AUTH mechanism in common", "abort"])
        #expect(dialogue(Self.token, "PLAIN LOGIN", [])[0] == "failed: configuration no AUTH mechanism in common")
    }

    @Test("never shows credentials to a line without TLS, unless told so", arguments: [false, true])
    func authenticationInClear(isAllowed: Bool) {
        var driver = SMTPDriver(
            .init(
                clientName: "me.example", security: .none, credentials: Self.password,
                allowsAuthenticationInClear: isAllowed))
        driver.add(driver.machine.connected())
        driver.say("220 hi\r\n")
        driver.actions = []
        driver.say("250-hi\r\n250 AUTH PLAIN\r\n")
        #expect(
            driver.taken()
                == (isAllowed
                    ? ["AUTH PLAIN AGFuYQBww6Rzc3dvcmQ=\r\n"] : ["failed: configuration no TLS for AUTH", "abort"]))
    }

    @Test("sends envelope and DATA in one write, and the next envelope behind the content")
    func pipelining() throws {
        var driver = SMTPDriver.ready("PIPELINING")
        try driver.begin(1)
        #expect(driver.taken() == [Self.envelope])
        #expect(!driver.machine.canBegin)
        driver.say("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(driver.machine.canBegin)
        try driver.begin(2)
        #expect(driver.taken() == ["content 1", Self.envelope])
        #expect(!driver.machine.canBegin)
        driver.machine.contentFlushed(1)
        driver.say("250 2.0.0 queued as 1\r\n250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(driver.taken() == ["1: 250 2.0.0 queued as 1", "content 2"])
        driver.machine.contentFlushed(2)
        driver.say("451 4.3.0 no\r\n")
        #expect(driver.taken() == ["2: temporary 451 4.3.0"])
        #expect(driver.machine.isIdle)
        driver.add(driver.machine.drain())
        driver.say("221 bye\r\n")
        #expect(driver.taken() == ["QUIT\r\n", "close"])
    }

    @Test("goes step by step with a server that does not pipeline")
    func lockstep() throws {
        var driver = SMTPDriver.ready()
        try driver.begin(1, .test(to: ["t@b.example", "u@b.example"]))
        for answer in ["250 ok", "250 ok", "250 ok", "354 go"] { driver.say(answer + "\r\n") }
        #expect(!driver.machine.canBegin)
        #expect(
            driver.taken() == [
                "MAIL FROM:<f@a.example>\r\n" + "RCPT TO:<t@b.example>\r\n" + "RCPT TO:<u@b.example>\r\n" + "DATA\r\n",
                "content 1",
            ])
        driver.machine.contentFlushed(1)
        driver.say("250 ok\r\n")
        try driver.begin(2)
        driver.say("250 ok\r\n550 5.1.1 no\r\n")
        #expect(!driver.machine.canBegin)
        driver.say("250 reset\r\n")
        #expect(driver.machine.canBegin)
        #expect(
            driver.taken() == [
                "1: 250 ok", "MAIL FROM:<f@a.example>\r\nRCPT TO:<t@b.example>\r\n", "2: badAddress 550 5.1.1",
                "RSET\r\n",
            ])
    }

    @Test("asks only for the extensions that a message needs, and refuses what the server can't take")
    func extensions() throws {
        let unicode = SMTPEnvelope.test(to: ["用户@b.example"])
        var driver = SMTPDriver.ready("PIPELINING", "SIZE 1000", "8BITMIME", "SMTPUTF8")
        try driver.begin(1)
        try #expect(#require(driver.taken().first).hasPrefix("MAIL FROM:<f@a.example> SIZE=21\r\n"))
        driver = .ready("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8")
        try driver.begin(1, .test("é\r\n"))
        try #expect(#require(driver.taken().first).hasPrefix("MAIL FROM:<f@a.example> SIZE=4 BODY=8BITMIME\r\n"))
        driver = .ready("SMTPUTF8", "8BITMIME")
        try driver.begin(1, unicode)
        #expect(driver.taken() == ["MAIL FROM:<f@a.example> SMTPUTF8\r\n"])
        driver = .ready("SIZE 20")
        try driver.begin(1)
        try driver.begin(2, .test("é\r\n"))
        try driver.begin(3, .test(to: ["用户@b.example"], "a\r\n"))
        try driver.begin(4, .test(from: "", "a\r\n"))
        #expect(
            driver.taken() == [
                "1: tooLarge SIZE 20", "2: unsupported no 8BITMIME", "3: unsupported no SMTPUTF8",
                "MAIL FROM:<> SIZE=3\r\n",
            ])
    }

    @Test("leaves a refused recipient behind whatever the server says to the DATA that is already under way")
    func refusedRecipient() throws {
        var driver = SMTPDriver.ready("PIPELINING")
        try driver.begin(1)
        driver.say("250 ok\r\n550 5.1.1 no\r\n")
        #expect(driver.taken() == [Self.envelope, "1: badAddress 550 5.1.1"])
        #expect(!driver.machine.canBegin)
        driver.say("503 5.5.1 no recipients\r\n")
        try driver.begin(2)
        #expect(driver.taken() == ["RSET\r\n" + Self.envelope])
        driver.say("250 reset\r\n250 ok\r\n550 5.1.1 no\r\n354 go on\r\n")
        #expect(driver.taken() == ["2: badAddress 550 5.1.1", ".\r\n"])
        driver.say("554 no recipients\r\n")
        #expect(driver.machine.isIdle)
        try driver.begin(3)
        driver.say("451 no\r\n503 no\r\n503 no\r\n")
        #expect(driver.taken() == [Self.envelope, "3: temporary 451", "RSET\r\n"])
        // Somebody would get an empty message here.
        driver.say("250 reset\r\n")
        try driver.begin(4)
        driver.say("550 no\r\n250 ok\r\n354 go on\r\n")
        #expect(driver.taken() == [Self.envelope, "4: rejected 550", "abort"])
    }

    @Test("sends to all of several recipients or to none")
    func severalRecipients() throws {
        var driver = SMTPDriver.ready("PIPELINING")
        try driver.begin(1, .test(to: ["t@b.example", "u@b.example"]))
        #expect(driver.taken() == ["MAIL FROM:<f@a.example>\r\nRCPT TO:<t@b.example>\r\nRCPT TO:<u@b.example>\r\n"])
        driver.say("250 ok\r\n550 5.1.1 no\r\n250 ok\r\n")
        #expect(driver.taken() == ["1: badAddress 550 5.1.1", "RSET\r\n"])
        try driver.begin(2, .test(to: ["t@b.example", "u@b.example"]))
        driver.say("250 reset\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(driver.taken().suffix(2).map { $0.hasSuffix("DATA\r\n") ? "DATA" : $0 } == ["DATA", "content 2"])
    }

    @Test("knows for each open message whether it may have been taken when the line breaks")
    func lostLine() throws {
        func lost(_ prepare: (inout SMTPDriver) throws -> Void) rethrows -> [String] {
            var driver = SMTPDriver.ready("PIPELINING")
            try prepare(&driver)
            driver.actions = []
            driver.add(driver.machine.closed())
            return driver.taken()
        }
        let accepted = "250 ok\r\n250 ok\r\n354 go\r\n"
        #expect(lost { _ in } == ["abort"])
        try #expect(lost { try $0.begin(1) } == ["1: connection -", "abort"])
        // The content is written, but its dot has not left.
        try #expect(
            lost {
                try $0.begin(1)
                $0.say(accepted)
            } == ["1: connection -", "abort"])
        try #expect(
            lost {
                try $0.begin(1)
                $0.say(accepted)
                $0.machine.contentFlushed(1)
            } == ["1: uncertain -", "abort"])
        // The next envelope was on its way: nothing of it can have been taken.
        try #expect(
            lost {
                try $0.begin(1)
                $0.say(accepted)
                try $0.begin(2)
                $0.machine.contentFlushed(1)
            } == ["1: uncertain -", "2 back: connection", "abort"])
        try #expect(
            lost {
                try $0.begin(1)
                $0.say(accepted)
                try $0.begin(2)
                $0.machine.contentFlushed(1)
                $0.say("250 ok\r\n250 ok\r\n")
            } == ["2: connection -", "abort"])
        // What the server has said stays true.
        try #expect(
            lost {
                try $0.begin(1)
                $0.say("250 ok\r\n550 5.1.1 no\r\n")
            } == ["abort"])
    }

    @Test("a content that was not handed out yet when the server went mad does not leave any more")
    func nothingLeavesAfterTheEnd() throws {
        var driver = SMTPDriver.ready("PIPELINING")
        try driver.begin(1)
        driver.actions = []
        driver.say("250 ok\r\n250 ok\r\n354 go\r\nwhatever\r\n")
        #expect(driver.taken() == ["1: connection not SMTP", "abort"])
    }

    @Test("tells a message that was too slow from one that was lost")
    func timeouts() throws {
        var driver = SMTPDriver.ready("PIPELINING")
        #expect(driver.machine.waitsFor == nil)
        try driver.begin(1)
        #expect(driver.machine.waitsFor == .reply(.mail))
        driver.say("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(driver.machine.waitsFor == .contentToLeave)
        var late = driver
        late.actions = []
        late.add(late.machine.timedOut())
        #expect(late.taken() == ["1: timeout -", "abort"])
        driver.machine.contentFlushed(1)
        #expect(driver.machine.waitsFor == .reply(.content))
        try driver.begin(2)
        driver.actions = []
        driver.add(driver.machine.timedOut())
        #expect(driver.taken() == ["1: uncertain -", "2 back: connection", "abort"])

        var silent = SMTPDriver(.init(clientName: "me.example", security: .none))
        #expect(silent.machine.waitsFor == .handshake)
        silent.add(silent.machine.connected())
        #expect(silent.machine.waitsFor == .reply(.greeting))
        silent.add(silent.machine.timedOut())
        #expect(silent.taken() == ["failed: timeout -", "abort"])
    }

    @Test("takes 421 for an answer, and for the end")
    func serviceClosing() throws {
        var driver = SMTPDriver.ready("PIPELINING")
        driver.say("421 4.3.2 restarting\r\n")
        #expect(driver.taken() == ["abort"])

        driver = .ready("PIPELINING")
        try driver.begin(1)
        driver.say("421 4.7.0 slow down\r\n")
        #expect(driver.taken().suffix(2) == ["1: throttled 421 4.7.0", "abort"])

        driver = .ready("PIPELINING")
        try driver.begin(1)
        driver.say("250 ok\r\n250 ok\r\n354 go\r\n")
        try driver.begin(2)
        driver.machine.contentFlushed(1)
        driver.actions = []
        driver.say("421 4.3.0 no\r\n")
        #expect(driver.taken() == ["1: throttled 421 4.3.0", "2 back: connection", "abort"])

        driver = .ready("PIPELINING")
        try driver.begin(1)
        driver.say("250 ok\r\n250 ok\r\n354 go\r\n")
        driver.machine.contentFlushed(1)
        driver.say("250 ok\r\n")
        try driver.begin(2)
        driver.actions = []
        driver.say("421 4.4.2 idle too long\r\n")
        #expect(driver.taken() == ["2 back: throttled", "abort"])
    }

    @Test(
        "ends a dialogue that is out of step",
        arguments: [
            "354 go\r\n", "250 ok\r\n334 what\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n", "nonsense\r\n",
            "250 ok\r\n250 ok\r\n354 go\r\n250 too early\r\n",
        ])
    func outOfStep(text: String) throws {
        var driver = SMTPDriver.ready("PIPELINING")
        try driver.begin(1)
        driver.say(text)
        let last = driver.taken().suffix(2)
        #expect(last.first?.hasPrefix("1: connection") == true)
        #expect(last.last == "abort")
    }

    @Test("says QUIT after as many messages as a connection may carry, and when told to, after what is open")
    func quitting() throws {
        var driver = SMTPDriver.ready("PIPELINING", messageLimit: 1)
        try driver.begin(1)
        driver.say("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(!driver.machine.canBegin)
        driver.machine.contentFlushed(1)
        driver.say("250 ok\r\n")
        #expect(driver.taken().suffix(1) == ["QUIT\r\n"])

        driver = .ready("PIPELINING")
        try driver.begin(1)
        driver.actions = []
        driver.add(driver.machine.drain())
        #expect(driver.taken() == [])
        driver.say("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(!driver.machine.canBegin)
        driver.machine.contentFlushed(1)
        driver.say("250 ok\r\n")
        #expect(driver.taken() == ["content 1", "1: 250 ok", "QUIT\r\n"])
    }
}
