import Foundation
import Glibc
import RapportTestServers
import Testing

@Suite("A real Postfix", .enabled(if: Machine.hasPostfix), .timeLimit(.minutes(3)))
struct PostfixServerTests {
    private static let mail = "From: shop@rapport.test\nTo: ana@good.test\nSubject: Hello\n\n.first line\n\nbye\n"

    @Test("delivers a submitted mail into the mailbox of its recipient")
    func delivers() async throws {
        try await PostfixServer.with(["good.test": .mailbox]) { server in
            let replies = try await SMTPDialogue.submit(
                port: server.port, from: "shop@rapport.test", to: ["ana@good.test"], mail: Self.mail)
            #expect(replies.last?.hasPrefix("250 2.0.0") == true)
            let mail = try await server.mail(to: "ana@good.test")
            #expect(mail.header("Subject") == "Hello")
            #expect(mail.returnPath == "shop@rapport.test")
            #expect(mail.text.hasSuffix("\n\n.first line\n\nbye\n\n"))
            #expect(try server.mails(to: "bob@good.test").isEmpty)
            try await Eventually.true("the queue to be empty") { server.queued == 0 }
        }
    }

    @Test("offers STARTTLS with the certificate it shows")
    func offersTLS() async throws {
        try await PostfixServer.with(["good.test": .mailbox]) { server in
            let client = ["s_client", "-starttls", "smtp", "-connect", "127.0.0.1:\(server.port)"]
            let checks = ["-CAfile", server.certificatePath, "-verify_return_error", "-verify_hostname", "localhost"]
            let result = try await ChildCommand("openssl", client + checks).run(input: "QUIT\n")
            #expect(result.output.contains("Verify return code: 0 (ok)"), "\(result.errors)")
        }
    }

    @Test("refuses at the door whom it is told to refuse, and everybody it has no route for")
    func refuses() async throws {
        let routes: [String: MailRoute] = [
            "good.test": .mailbox, "gone@good.test": .refuse("550 5.1.1 Gone"), "no.test": .refuse("550 5.7.1 Never"),
            "slow.test": .refuse("450 4.2.2 Later"),
        ]
        try await PostfixServer.with(routes) { server in
            let expected = [
                "gone@good.test": "550 5.1.1", "ana@no.test": "550 5.7.1", "ana@slow.test": "450 4.2.2",
                "ana@example.com": "554 5.7.1",
            ]
            for (recipient, reply) in expected {
                let replies = try await SMTPDialogue.submit(
                    port: server.port, from: "shop@rapport.test", to: [recipient], mail: Self.mail)
                #expect(replies.last?.hasPrefix(reply) == true, "\(recipient): \(replies)")
            }
        }
    }

    @Test("reports a mail that is refused after it was accepted to its return path")
    func bounces() async throws {
        let routes: [String: MailRoute] = [
            "good.test": .mailbox, "closed.test": .refuseLater("550 5.1.1 No such mailbox"),
        ]
        try await PostfixServer.with(routes) { server in
            try await SMTPDialogue.submit(
                port: server.port, from: "bounce+42@good.test", to: ["ana@closed.test"], mail: Self.mail)
            let report = try await server.mail(to: "bounce+42@good.test")
            #expect(report.returnPath == "")
            #expect(report.header("Content-Type")?.contains("report-type=delivery-status") == true)
            #expect(report.text.contains("\nAction: failed\nStatus: 5.1.1\n"))
            #expect(report.text.contains("Diagnostic-Code: smtp; 550 5.1.1 <ana@closed.test>"))
        }
    }

    @Test("reports a mail that is late, when told to")
    func reportsDelay() async throws {
        let routes: [String: MailRoute] = [
            "good.test": .mailbox, "full.test": .refuseLater("450 4.2.2 Mailbox full"),
        ]
        try await PostfixServer.with(routes, sendsDelayNotices: true) { server in
            try await SMTPDialogue.submit(
                port: server.port, from: "bounce+43@good.test", to: ["ana@full.test"], mail: Self.mail)
            let report = try await server.mail(to: "bounce+43@good.test")
            #expect(report.text.contains("\nAction: delayed\nStatus: 4.2.2\n"))
            try await Eventually.true("only the late mail to be queued") { server.queued == 1 }
        }
    }

    @Test("hands the mail of a domain to an LMTP server and an SMTP server")
    func relays() async throws {
        let lmtp = try await SMTPSink.start(options: ["-L"])
        let smtp = try await SMTPSink.start()
        let routes: [String: MailRoute] = ["hub.test": .lmtp(port: lmtp.port), "next.test": .smtp(port: smtp.port)]
        try await PostfixServer.with(routes) { server in
            for recipient in ["in@hub.test", "ana@next.test"] {
                try await SMTPDialogue.submit(
                    port: server.port, from: "shop@rapport.test", to: [recipient], mail: Self.mail)
            }
            #expect(try await recipient(in: lmtp).hasPrefix("<in@hub.test>"))
            #expect(try await recipient(in: smtp).hasPrefix("<ana@next.test>"))
        }
        await lmtp.stop()
        await smtp.stop()
    }

    @Test("leaves no process behind")
    func endsWholly() async throws {
        let server = try await PostfixServer.start(["good.test": .mailbox])
        await server.stop()
        // The kernel may take a moment to end the daemons that it was told to kill.
        try await Eventually.true("the port to be closed", within: .seconds(60)) { await isClosed(server.port) }
    }

    @Test("ends when the tests are killed")
    func endsWithTests() async throws {
        let folder = try ScratchFolder()
        let file = folder.path("port")
        await #expect(processExitsWith: .signal(SIGKILL)) { [file = file as String, root = folder.root as String] in
            // Nobody is left to remove what this process makes, so it makes it in the folder of the one that waits.
            setenv("TMPDIR", root, 1)
            let server = try await PostfixServer.start(["good.test": .mailbox])
            try "\(server.port)".write(toFile: file, atomically: true, encoding: .utf8)
            raise(SIGKILL)
        }
        let port = try #require(Int(try String(contentsOfFile: file, encoding: .utf8)))
        try await Eventually.true("the port to be closed", within: .seconds(60)) { await isClosed(port) }
    }

    private func isClosed(_ port: Int) async -> Bool {
        (try? await BlockingWork.run { _ = try LoopbackConnection(port: port) }) == nil
    }

    private func recipient(in sink: SMTPSink) async throws -> String {
        try #require(try await sink.mails(count: 1)[0].header("X-Rcpt-Args"))
    }
}
