import Logging
import RapportChannels
import RapportEmail
import Synchronization
import Testing

@Suite(.enabled(if: TestCertificate.isPossible, "openssl makes the certificates"), .timeLimit(.minutes(2)))
struct SMTPTLSTests {
    private func send(
        port: Int, _ security: SMTPStateMachine.Security, trusting file: String?, credentials: SMTPCredentials? = nil
    ) async throws -> String {
        let transport = try SMTPTransport(
            name: "relay",
            .init(
                host: "127.0.0.1", port: port, security: security, trustedCertificates: file, credentials: credentials,
                clientName: "me.example"),
            logger: Logger(label: "test"))
        let result: String
        do throws(SendError) {
            result = try await transport.send(.test()).detail
        } catch {
            result = "\(error.code) \(error.status ?? "-")"
        }
        await transport.close()
        return result
    }

    @Test("sends over TLS to a server whose certificate holds", arguments: [SMTPStateMachine.Security.tls, .startTLS])
    func trusted(security: SMTPStateMachine.Security) async throws {
        let certificate = try await TestCertificate("IP:127.0.0.1")
        let server = try ScriptedServer(tls: certificate.serverContext(), startsSecure: security == .tls)
        let port = try await server.start()
        let credentials = SMTPCredentials(user: "ana", secret: Secret("x"))
        #expect(
            try await send(port: port, security, trusting: certificate.certificate, credentials: credentials)
                == "250 2.0.0 queued as 1-1")
        let lines = server.seen.withLock { $0.lines }
        #expect(lines.firstIndex { $0.hasPrefix("AUTH") } ?? 0 > lines.firstIndex(of: "STARTTLS") ?? -1)
        #expect(lines.last == "QUIT")
        try await server.stop()
    }

    @Test(
        "what leaves over many connections in one turn leaves over TLS, too",
        arguments: [SMTPStateMachine.Security.tls, .startTLS])
    func many(security: SMTPStateMachine.Security) async throws {
        let certificate = try await TestCertificate("IP:127.0.0.1")
        let server = try ScriptedServer(tls: certificate.serverContext(), startsSecure: security == .tls)
        let transport = try SMTPTransport(
            name: "relay",
            .init(
                host: "127.0.0.1", port: try await server.start(), security: security,
                trustedCertificates: certificate.certificate, clientName: "me.example", pool: .init(connections: 8)),
            logger: Logger(label: "test"))
        let refused = Mutex(0)
        await transport.send(400) { _ in
            .test()
        } done: { _, result in
            if (try? result.get()) == nil { refused.withLock { $0 += 1 } }
        }
        #expect(refused.withLock { $0 } == 0)
        #expect(server.seen.withLock { $0.accepted } == 400)
        await transport.close()
        try await server.stop()
    }

    @Test(
        "sends nothing to a server whose certificate is for another host or from nobody we trust",
        arguments: [SMTPStateMachine.Security.tls, .startTLS], ["DNS:other.example", "IP:127.0.0.2", "IP:127.0.0.1"])
    func untrusted(security: SMTPStateMachine.Security, name: String) async throws {
        let certificate = try await TestCertificate(name)
        let server = try ScriptedServer(tls: certificate.serverContext(), startsSecure: security == .tls)
        let port = try await server.start()
        let trusted = name == "IP:127.0.0.1" ? nil : certificate.certificate
        #expect(try await send(port: port, security, trusting: trusted) == "configuration TLS")
        #expect(server.seen.withLock { $0.lines.allSatisfy { $0.hasPrefix("EHLO") || $0 == "STARTTLS" } })
        try await server.stop()
    }

    @Test("does not go on in clear text when TLS is not offered, refused or fails")
    func noTLS() async throws {
        let certificate = try await TestCertificate("IP:127.0.0.1")
        for (steps, expected) in [
            ([ScriptedServer.Step.say("454 4.3.0 not now")], "temporary 454 4.3.0"),
            ([.say("502 no")], "configuration 502"), ([.say("220 go"), .say("250 in clear")], "configuration TLS"),
            ([.say("220 go"), .drop], "connection TLS"),
            // What an attacker puts behind the answer is dropped; the dialogue under TLS starts from nothing.
            ([.say("220 go\r\n250-evil\r\n250 AUTH PLAIN"), .tls], "250 2.0.0 queued as 1-1"),
        ] {
            let server = try ScriptedServer(tls: certificate.serverContext()) { $0.verb == "STARTTLS" ? steps : nil }
            let port = try await server.start()
            #expect(try await send(port: port, .startTLS, trusting: certificate.certificate) == expected)
            if !expected.hasPrefix("250") {
                // What else it may have seen is the client's side of a handshake.
                let lines = server.seen.withLock { $0.lines }
                #expect(lines.prefix(2) == ["EHLO me.example", "STARTTLS"])
                #expect(!lines.dropFirst(2).contains { $0.hasPrefix("EHLO") || $0.hasPrefix("MAIL") })
            }
            try await server.stop()
        }
        let server = ScriptedServer()
        let port = try await server.start()
        #expect(
            try await send(port: port, .startTLS, trusting: certificate.certificate) == "configuration no STARTTLS")
        try await server.stop()
    }

    @Test("a file of trusted certificates that can't be read is an error at once")
    func badFile() {
        #expect(throws: SendError(.configuration, status: "trusted certificates")) {
            try SMTPTransport(
                name: "relay",
                .init(
                    host: "127.0.0.1", port: 1, security: .tls, trustedCertificates: "/nonexistent.pem",
                    clientName: "me.example"),
                logger: Logger(label: "test"))
        }
    }
}
