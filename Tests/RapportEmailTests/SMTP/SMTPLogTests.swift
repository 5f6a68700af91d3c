import Foundation
import RapportChannels
import RapportEmail
import RapportTestSupport
import Testing

@Suite("What is logged of sending", .timeLimit(.minutes(2)))
struct SMTPLogTests {
    private static let password = "hunter2-in-full"

    @Test(
        "holds no password, no address and nothing of the mail, whatever the server says to it",
        arguments: [
            ("CONNECT", [ScriptedServer.Step.drop]), ("CONNECT", [.say("554 no service for ana@b.example")]),
            ("AUTH", [.say("535 5.7.8 \(password) is wrong")]), ("AUTH", [.drop]),
            ("MAIL", [.say("421 4.3.2 not for shop@a.example"), .drop]),
            ("RCPT", [.say("550 5.1.1 <ana@b.example>: unknown")]), ("DATA", [.drop]), (".", [.drop]),
            (".", [.say("554 5.7.1 the words ‘by-the-river’ are spam")]),
        ])
    func secrets(verb: String, steps: [ScriptedServer.Step]) async throws {
        let server = ScriptedServer { $0.verb == verb ? steps : nil }
        let log = RecordingLog()
        var configuration = SMTPConfiguration(
            host: "127.0.0.1", port: try await server.start(), security: .none,
            credentials: SMTPCredentials(user: "relay-user", secret: Secret(Self.password)),
            allowsAuthenticationInClear: true, clientName: "me.example", pool: .init(connections: 1))
        configuration.pool.firstPause = 1
        let transport = try SMTPTransport(name: "relay", configuration, logger: log.logger())
        let envelope = SMTPEnvelope.test(
            from: "shop@a.example", to: ["ana@b.example"], "Subject: x\r\n\r\nby-the-river\r\n")
        let error = await #expect(throws: SendError.self) { try await transport.send(envelope) }
        await transport.close()
        try await server.stop()
        let encoded = Data("\u{0}relay-user\u{0}\(Self.password)".utf8).base64EncodedString()
        for secret in [Self.password, encoded, "@a.example", "@b.example", "by-the-river"] {
            #expect(!log.text.contains(secret), "\(log.text)")
        }
        // What the other side says stands beside the message; the error's own text is logged.
        if verb == "CONNECT" || verb == "AUTH" { #expect(log.text.contains("no connection to the relay")) }
        #expect(error?.description.contains(Self.password) != true)
    }
}
