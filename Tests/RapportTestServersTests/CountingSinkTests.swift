import RapportTestServers
import Synchronization
import Testing

@Suite("The counting sink", .timeLimit(.minutes(1)))
struct CountingSinkTests {
    @Test("notes every recipient and every whole mail of many sessions", .enabled(if: Machine.hasPostfix))
    func counts() async throws {
        let sink = try CountingSink()
        try await SMTPSource.send(count: 500, port: sink.port, to: "ana@good.test", sessions: 8, size: 5_000)
        #expect(sink.seen.mails.count == 500)
        #expect(sink.seen.recipients.count == 500)
        #expect(Set(sink.seen.mails) == ["ana@good.test"])
    }

    @Test("refuses a recipient as it is told, and takes no mail for nobody")
    func refuses() async throws {
        let sink = try CountingSink { $0.hasPrefix("no") ? "550 5.1.1 No such mailbox" : nil }
        let mail = "Subject: Hello\n\n.one\n..\nbye\n"
        let refused = try await SMTPDialogue.submit(port: sink.port, from: "a@b.test", to: ["no1@c.test"], mail: mail)
        #expect(refused.last == "550 5.1.1 No such mailbox")
        let taken = try await SMTPDialogue.submit(port: sink.port, from: "a@b.test", to: ["yes@c.test"], mail: mail)
        #expect(taken.last == "250 2.0.0 Taken")
        #expect(sink.seen.recipients == ["yes@c.test"])
        #expect(sink.seen.mails == ["yes@c.test"])
    }

    @Test("rings when so many mails have come, before the last of them is answered", .enabled(if: Machine.hasPostfix))
    func rings() async throws {
        let sink = try CountingSink()
        let seen = Mutex(0)
        sink.alarm.set(at: 7) { seen.withLock { $0 = sink.count } }
        try await SMTPSource.send(count: 20, port: sink.port, to: "ana@good.test", sessions: 1)
        #expect(seen.withLock { $0 } == 7)
    }

    @Test("counts a mail whose sender went after the final dot, and none whose sender went before it")
    func gone() async throws {
        let sink = try CountingSink()
        for (address, rest) in [("whole@c.test", "\r\n.\r\n"), ("half@c.test", "")] {
            try await BlockingWork.run {
                let connection = try LoopbackConnection(port: sink.port)
                try connection.write(
                    "EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<\(address)>\r\nDATA\r\nSubject: x\r\n\r\ny\(rest)")
            }
        }
        try await Eventually.true("both recipients") { sink.seen.recipients.count == 2 && sink.count > 0 }
        #expect(sink.seen.mails == ["whole@c.test"])
    }
}
