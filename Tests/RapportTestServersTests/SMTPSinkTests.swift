import RapportTestServers
import Testing

@Suite("Postfix's sink and source", .enabled(if: Machine.hasPostfix), .timeLimit(.minutes(3)))
struct SMTPSinkTests {
    @Test("the sink takes all that the source sends", arguments: [false, true])
    func takesAll(lmtp: Bool) async throws {
        let sink = try await SMTPSink.start(options: lmtp ? ["-L"] : [])
        try await SMTPSource.send(count: 40, port: sink.port, to: "ana@good.test", lmtp: lmtp)
        let mails = try await sink.mails(count: 40)
        #expect(mails.count == 40)
        #expect(mails.allSatisfy { $0.header("X-Rcpt-Args") == "<ana@good.test>" })
        await sink.stop()
    }

    @Test("the sink refuses as it is told", arguments: [("-r", "450"), ("-f", "500")])
    func refuses(option: String, code: String) async throws {
        let sink = try await SMTPSink.start(options: [option, "RCPT"], keepingMails: false)
        let replies = try await SMTPDialogue.submit(
            port: sink.port, from: "shop@rapport.test", to: ["ana@good.test"], mail: "Subject: Hello\n\nbye\n")
        #expect(replies.last?.hasPrefix(code) == true)
        await sink.stop()
    }
}
