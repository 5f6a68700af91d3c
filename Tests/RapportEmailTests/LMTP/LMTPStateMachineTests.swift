import RapportEmail
import Testing

@Suite struct LMTPStateMachineTests {
    private struct Driver {
        var machine: LMTPStateMachine

        init(_ limits: LMTPLimits = .init()) {
            machine = LMTPStateMachine(hostName: "hub.example", limits: limits, peer: "192.0.2.1") { recipient in
                recipient.hasPrefix("no") ? .unknownRecipient : nil
            }
            _ = machine.connected()
        }

        mutating func say(_ text: String) -> [String] { lines(machine.received(Array(text.utf8))) }

        func lines(_ actions: [LMTPStateMachine.Action]) -> [String] {
            actions.flatMap { action in
                switch action {
                case .write(let bytes):
                    String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map { line in
                        line.split(separator: " ").prefix(2).joined(separator: " ")
                    }
                case .deliver(let message):
                    ["<\(message.mailFrom)> \(message.recipients) \(String(decoding: message.bytes, as: UTF8.self))"]
                case .close: ["close"]
                }
            }
        }
    }

    @Test("introduces itself with its extensions")
    func greeting() {
        var machine = LMTPStateMachine(hostName: "hub.example", limits: .init(message: 1000)) { _ in nil }
        #expect(machine.connected() == [.write(Array("220 hub.example LMTP\r\n".utf8))])
        let hello =
            "250-hub.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
            + "250 SIZE 1000\r\n"
        #expect(machine.received(Array("lhlo mta\r\n".utf8)) == [.write(Array(hello.utf8))])
    }

    @Test("takes a pipelined message and answers each recipient only when it is told the outcome")
    func delivery() {
        var driver = Driver()
        _ = driver.say("LHLO mta\r\n")
        #expect(
            driver.say(
                "MAIL FROM:<f@a.example> SIZE=5 BODY=8BITMIME\r\nRCPT TO:<a@h.example>\r\nRCPT TO:<no@h.example>\r\n"
                    + "RCPT TO:<b@h.example>\r\nDATA\r\n") == [
                    "250 2.1.0", "250 2.1.5", "550 5.1.1", "250 2.1.5", "354 end",
                ])
        #expect(
            driver.say("hello\r\n..\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@h.example>\r\n") == [
                "<f@a.example> [\"a@h.example\", \"b@h.example\"] hello\r\n.\r\n"
            ])
        #expect(driver.say("DATA\r\n") == [])
        #expect(
            driver.lines(driver.machine.delivered([.accepted, .tryLater])) == [
                "250 2.0.0", "451 4.3.0", "250 2.1.0", "250 2.1.5", "354 end",
            ])
        #expect(driver.say("x\r\n.\r\nQUIT\r\n") == ["<> [\"c@h.example\"] x\r\n"])
        // A handler that says too little has not said yes.
        #expect(driver.lines(driver.machine.delivered([])) == ["451 4.3.0", "221 2.0.0", "close"])
    }

    static let dialogues: [(String, [String])] = [
        ("EHLO mta\r\n", ["500 5.5.1"]), ("HELO mta\r\n", ["500 5.5.1"]), ("LHLO\r\n", ["501 5.5.4"]),
        ("NOOP\r\n", ["250 2.0.0"]), ("RSET\r\n", ["250 2.0.0"]), ("QUIT\r\n", ["221 2.0.0", "close"]),
        ("VRFY x\r\n", ["500 5.5.1"]), ("\r\n", ["500 5.5.1"]), ("MAIL FROM:<a@b>\r\n", ["503 5.5.1"]),
        ("DATA\r\n", ["503 5.5.1"]), ("NOOP\n", ["500 5.5.2", "close"]), ("NO\u{0}OP\r\n", ["500 5.5.1"]),
    ]

    @Test("answers what it does not take, or not yet", arguments: dialogues)
    func commands(text: String, expected: [String]) {
        var driver = Driver()
        #expect(driver.say(text) == expected)
    }

    static let senders: [(String, String)] = [
        ("MAIL FROM:<>", "250 2.1.0"), ("mail from:<a@b.example>", "250 2.1.0"),
        ("MAIL FROM: <a@b.example>", "250 2.1.0"),
        ("MAIL FROM:<@relay.example:a@b.example>", "250 2.1.0"), ("MAIL FROM:<\"a> b\"@b.example>", "250 2.1.0"),
        ("MAIL FROM:a@b.example", "501 5.5.4"), ("MAIL FROM:<a@b.example", "501 5.5.4"), ("MAIL", "501 5.5.4"),
        ("MAIL FROM:<a@b.example>x", "501 5.5.4"), ("MAIL FROM:<a b@c>", "501 5.1.7"), ("MAIL FROM:<a>", "501 5.1.7"),
        ("MAIL FROM:<a@b.example> SIZE=1000", "250 2.1.0"), ("MAIL FROM:<a@b.example> SIZE=1001", "552 5.3.4"),
        ("MAIL FROM:<a@b.example> SIZE=99999999999999999999", "552 5.3.4"),
        ("MAIL FROM:<a@b.example> SIZE=-1", "555 5.5.4"), ("MAIL FROM:<a@b.example> SIZE=", "555 5.5.4"),
        ("MAIL FROM:<a@b.example> BODY=BINARYMIME", "555 5.5.4"), ("MAIL FROM:<a@b.example> X=1", "555 5.5.4"),
        ("MAIL FROM:<é@b.example>", "501 5.1.7"), ("MAIL FROM:<é@b.example> SMTPUTF8", "250 2.1.0"),
    ]

    @Test("takes senders apart", arguments: senders)
    func mail(line: String, expected: String) {
        var driver = Driver(.init(message: 1000))
        _ = driver.say("LHLO mta\r\n")
        #expect(driver.say(line + "\r\n") == [expected])
    }

    static let recipients: [(String, String)] = [
        ("RCPT TO:<a@h.example>", "250 2.1.5"), ("RCPT TO:<Postmaster>", "250 2.1.5"), ("RCPT TO:<>", "501 5.1.3"),
        ("RCPT TO:<a>", "501 5.1.3"), ("RCPT TO:<a@h.example> NOTIFY=NEVER", "555 5.5.4"),
        ("RCPT TO:<é@h>", "501 5.1.3"),
        ("RCPT TO:<no@h.example>", "550 5.1.1"), ("MAIL FROM:<x@y.example>", "503 5.5.1"), ("DATA", "503 5.5.1"),
    ]

    @Test("takes recipients apart", arguments: recipients)
    func rcpt(line: String, expected: String) {
        var driver = Driver()
        _ = driver.say("LHLO mta\r\nMAIL FROM:<>\r\n")
        #expect(driver.say(line + "\r\n") == [expected])
    }

    @Test("bounds recipients, lines and commands without a message")
    func bounds() {
        var driver = Driver(.init(recipients: 2, line: 64, idleCommands: 6))
        _ = driver.say("LHLO mta\r\nMAIL FROM:<>\r\n")
        #expect(
            driver.say("RCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\n") == [
                "250 2.1.5", "250 2.1.5", "452 4.5.3",
            ])
        #expect(driver.say("NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n").suffix(2) == ["421 4.7.0", "close"])
        #expect(driver.say("NOOP\r\n") == [])
        for ending in ["", "\r\n"] {
            driver = Driver(.init(line: 64))
            #expect(driver.say(String(repeating: "x", count: 64) + ending) == ["500 5.5.2", "close"])
        }
        driver = Driver(.init(line: 64))
        #expect(driver.say(String(repeating: "x", count: 62) + "\r\n") == ["500 5.5.1"])
        driver = Driver(.init(line: 64))
        for _ in 0..<31 { #expect(driver.say("xx") == []) }
        #expect(driver.say("xx") == ["500 5.5.2", "close"])
    }

    @Test("refuses a message that is too long, or for which there is no memory, to each recipient")
    func refusedContents() {
        var driver = Driver(.init(message: 10))
        let envelope = "MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"
        _ = driver.say("LHLO mta\r\n" + envelope)
        #expect(driver.say("0123456789\r\n") == [])
        #expect(driver.machine.heldBytes == 0)
        #expect(driver.say(".\r\n" + envelope).prefix(3) == ["552 5.3.4", "552 5.3.4", "250 2.1.0"])
        #expect(driver.say("0") == [])
        #expect(driver.machine.heldBytes == 1)
        driver.machine.outOfMemory()
        #expect(driver.say("1\r\n.\r\n") == ["451 4.3.1", "451 4.3.1"])
        // Whoever sends without end is not read to the end.
        _ = driver.say(envelope)
        #expect(driver.say(String(repeating: "x", count: 60)) == ["552 5.3.4", "close"])
    }

    @Test("closes at once when nothing is under way, else after the message")
    func draining() {
        var driver = Driver()
        #expect(driver.lines(driver.machine.drain()) == ["421 4.3.2", "close"])
        let envelope = "LHLO mta\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n"
        driver = Driver()
        _ = driver.say(envelope)
        #expect(driver.lines(driver.machine.drain()) == ["421 4.3.2", "close"])
        driver = Driver()
        _ = driver.say(envelope + "DATA\r\nx")
        #expect(driver.lines(driver.machine.drain()) == [])
        #expect(driver.say("\r\n.\r\n").count == 1)
        #expect(driver.lines(driver.machine.delivered([.accepted])) == ["250 2.0.0", "421 4.3.2", "close"])
        driver = Driver()
        _ = driver.say(envelope + "DATA\r\n")
        #expect(driver.lines(driver.machine.timedOut()) == ["421 4.4.2", "close"])
    }
}
