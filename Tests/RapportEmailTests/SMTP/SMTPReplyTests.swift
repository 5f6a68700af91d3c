import RapportChannels
import RapportEmail
import Testing

@Suite struct SMTPReplyTests {
    private func parse(_ text: String, limits: SMTPReplyParser.Limits = .init()) throws -> [SMTPReply] {
        var parser = SMTPReplyParser(limits: limits)
        var rest = Array(text.utf8)[...]
        var replies: [SMTPReply] = []
        while !rest.isEmpty, let reply = try parser.next(&rest) { replies.append(reply) }
        return replies
    }

    @Test(
        "cuts a stream into replies",
        arguments: [
            ("250 ok\r\n", [SMTPReply(250, "ok")]),
            ("250\r\n", [SMTPReply(250)]),
            ("250 ok\n220 hi\r\n", [SMTPReply(250, "ok"), SMTPReply(220, "hi")]),
            ("250-a\r\n250-\r\n250 c\r\n354 go\r\n", [SMTPReply(250, "a\n\nc"), SMTPReply(354, "go")]),
            ("250-a\r\n250 unfinish", []),
        ])
    func replies(text: String, expected: [SMTPReply]) throws {
        #expect(try parse(text) == expected)
    }

    @Test("gives the same replies however the bytes are cut")
    func chunks() throws {
        let bytes = Array("250-first\r\n250 second\r\n550 5.1.1 no\r\n".utf8)
        for size in 1...bytes.count {
            var parser = SMTPReplyParser()
            var replies: [SMTPReply] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                var rest = bytes[start..<min(start + size, bytes.count)]
                while !rest.isEmpty, let reply = try parser.next(&rest) { replies.append(reply) }
            }
            #expect(replies == [SMTPReply(250, "first\nsecond"), SMTPReply(550, "5.1.1 no")])
        }
    }

    @Test(
        "refuses what is no reply",
        arguments: [
            "hello\r\n", "25\r\n", "\r\n", "250ok\r\n", "199 x\r\n", "600 x\r\n", "250-a\r\n251 b\r\n", "2x0 a\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
        ])
    func garbage(text: String) {
        #expect(throws: SMTPReplyParser.Violation.self) { try parse(text) }
    }

    @Test("bounds lines and their number")
    func bounds() throws {
        let limits = SMTPReplyParser.Limits(line: 20, lines: 3)
        #expect(try parse("250 " + String(repeating: "x", count: 14) + "\r\n", limits: limits).count == 1)
        #expect(throws: SMTPReplyParser.Violation.self) {
            try parse("250 " + String(repeating: "x", count: 16) + "\r\n", limits: limits)
        }
        #expect(throws: SMTPReplyParser.Violation.self) {
            try parse("250 " + String(repeating: "x", count: 30), limits: limits)
        }
        #expect(try parse("250-a\r\n250-b\r\n250 c\r\n", limits: limits).count == 1)
        #expect(throws: SMTPReplyParser.Violation.self) {
            try parse("250-a\r\n250-b\r\n250-c\r\n250-d\r\n", limits: limits)
        }
    }

    @Test(
        "reads enhanced status codes, and nothing that only looks like one",
        arguments: [
            ("5.1.1 no", "550 5.1.1"), ("5.1.10", "550 5.1.10"), ("5.7.509\nmore", "550 5.7.509"), ("no 5.1.1", "550"),
            ("2.1.1 x", "550"), ("5.1 x", "550"), ("5.1.1x", "550"), ("5..1 x", "550"), ("5.1.1.1 x", "550"),
            ("5.1.1111 x", "550"), ("", "550"),
        ])
    func enhanced(text: String, status: String) {
        #expect(SMTPReply(550, text).status == status)
    }

    @Test("puts a reply into one printable line for the log")
    func summary() {
        #expect(SMTPReply(250, "2.0.0 Ok:\nqueued\u{1b} as 4F2").summary == "250 2.0.0 Ok: queued  as 4F2")
        #expect(SMTPReply(250, String(repeating: "x", count: 500)).summary.count == 204)
        #expect(SMTPReply(250).summary == "250")
    }

    static let meanings: [(Int, String, SMTPCommand, SendError.Code)] = [
        (421, "4.3.2 bye", .mail, .throttled), (421, "", .content, .throttled), (450, "4.7.1 later", .rcpt, .throttled),
        (450, "4.2.0 greylisted", .rcpt, .temporary), (451, "", .content, .temporary),
        (452, "4.5.3", .rcpt, .temporary),
        (450, "", .mail, .temporary), (454, "4.7.0", .auth, .throttled), (454, "", .startTLS, .temporary),
        (550, "", .rcpt, .rejected), (551, "", .rcpt, .rejected), (553, "", .rcpt, .rejected),
        (550, "relay not permitted", .rcpt, .rejected), (550, "5.0.0 HELO refused", .rcpt, .rejected),
        (550, "No such user here", .rcpt, .badAddress), (550, "5.0.0 User unknown", .rcpt, .badAddress),
        (554, "5.1.0 <a@b.example>: unknown recipient", .rcpt, .badAddress), (550, "5.1.6", .rcpt, .badAddress),
        (550, "5.7.1 no such user", .rcpt, .rejected), (550, "no such user", .content, .rejected),
        (550, "no such user", .mail, .rejected), (550, "5.1.1", .rcpt, .badAddress), (550, "5.1.2", .rcpt, .badAddress),
        (553, "5.1.3", .rcpt, .badAddress), (556, "5.1.10", .rcpt, .badAddress), (550, "5.2.1", .rcpt, .badAddress),
        (550, "5.1.1", .content, .badAddress), (550, "5.1.1", .mail, .rejected), (553, "", .mail, .rejected),
        (550, "", .content, .rejected), (550, "spam", .data, .rejected), (550, "5.7.1", .rcpt, .rejected),
        (554, "5.7.1", .content, .rejected), (550, "5.2.2 full", .rcpt, .rejected), (554, "", .data, .rejected),
        (552, "", .content, .tooLarge), (552, "5.3.4", .mail, .tooLarge), (552, "5.2.2", .rcpt, .rejected),
        (552, "5.2.3", .rcpt, .tooLarge), (555, "5.5.4", .mail, .rejected), (550, "5.6.7", .mail, .unsupported),
        (530, "5.7.0", .mail, .authentication), (535, "5.7.8", .auth, .authentication),
        (535, "", .mail, .authentication),
        (501, "", .auth, .authentication), (502, "", .startTLS, .configuration), (554, "5.7.1", .greeting, .connection),
        (550, "", .helo, .connection), (500, "", .rcpt, .rejected),
    ]

    @Test("says what a refusal means for a message, by its codes and what it refuses", arguments: meanings)
    func meaning(code: Int, text: String, command: SMTPCommand, expected: SendError.Code) {
        #expect(SMTPReply(code, text).sendError(refusing: command).code == expected)
    }

    @Test(
        "writes no path that could end a command",
        arguments: [
            ("a@b.example", true), ("\"a b\"@b.example", true), ("\"a>b\"@b.example", true),
            ("\"a\\\"b\"@b.example", true),
            ("用户@例子.example", true), ("a@[192.0.2.1]", true), ("", false), ("a", false), ("@b", false), ("a@", false),
            ("a@b>", false), ("<a@b", false), ("a b@c", false), ("a@b\r\nRCPT TO:<c@d>", false), ("a\n@b", false),
            ("\"a\"b@c", false), ("\"a\r\"@b", false), ("\"a\\\"@b", false), ("a@b c", false), ("a@b@c", false),
            (String(repeating: "a", count: 250) + "@b.example", false),
        ])
    func paths(mailbox: String, isValid: Bool) {
        #expect(SMTPPath.isValid(mailbox) == isValid)
    }
}
