import Logging
import RapportChannels
import RapportEmail
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct SMTPTransportTests {
    /// Lets only the command that is never answered run out of time, so that a busy machine fails nothing else.
    private static func timeouts(shortFor verb: String) -> SMTPTimeouts {
        var timeouts = SMTPTimeouts()
        switch verb {
        case "CONNECT": timeouts.greeting = 50
        case "EHLO": timeouts.command = 50
        case "MAIL": timeouts.mail = 50
        case "RCPT": timeouts.rcpt = 50
        case "DATA": timeouts.data = 50
        default: timeouts.content = 50
        }
        return timeouts
    }

    private func transport(
        _ port: Int, _ change: (inout SMTPConfiguration) -> Void = { _ in }
    ) throws -> SMTPTransport {
        var configuration = SMTPConfiguration(
            host: "127.0.0.1", port: port, security: .none, clientName: "me.example", pool: .init(connections: 1))
        change(&configuration)
        return try SMTPTransport(name: "relay", configuration, logger: Logger(label: "test"))
    }

    /// What became of a message, in a word or two.
    private func fate(of envelope: SMTPEnvelope = .test(), over transport: SMTPTransport) async -> String {
        do throws(SendError) {
            return try await transport.send(envelope).detail
        } catch {
            return "\(error.code)"
        }
    }

    /// Waits, within the suite's limit, until a message is under way.
    private func begins(_ server: ScriptedServer) async throws {
        while server.seen.withLock({ !$0.lines.contains("DATA") }) { try await Task.sleep(for: .milliseconds(2)) }
    }

    typealias Step = ScriptedServer.Step

    static let misbehaviours: [(String, [Step], String)] = [
        ("CONNECT", [.drop], "connection"), ("CONNECT", [.say("554 no")], "connection"),
        ("CONNECT", [.say("421 4.3.2 no"), .drop], "throttled"), ("CONNECT", [.say("GET / HTTP/1.1")], "connection"),
        ("EHLO", [.drop], "connection"),
        ("EHLO", [.say("500 what")], "250 2.0.0 queued as 1-1"),
        ("EHLO", [.say(Array(repeating: "250-X", count: 200).joined(separator: "\r\n"))], "connection"),
        ("EHLO", [.say("250 " + String(repeating: "x", count: 5000))], "connection"),
        ("MAIL", [.drop], "connection"), ("MAIL", [.say("451 4.3.0 no")], "temporary"),
        ("MAIL", [.say("550 5.7.1 no")], "rejected"), ("MAIL", [.say("552 5.3.4 no")], "tooLarge"),
        ("MAIL", [.say("530 5.7.0 who?")], "authentication"), ("MAIL", [.say("\u{0}\u{1}\u{2}")], "connection"),
        ("MAIL", [.say("421 bye"), .drop], "throttled"),
        ("RCPT", [.drop], "connection"), ("RCPT", [.say("450 4.7.1 slow")], "throttled"),
        ("RCPT", [.say("550 5.1.1 no")], "badAddress"), ("RCPT", [.say("550 5.7.1 no")], "rejected"),
        ("DATA", [.drop], "connection"), ("DATA", [.say("554 no")], "rejected"),
        ("DATA", [.say("250 what")], "connection"),
        (".", [.drop], "uncertain"), (".", [.say("452 4.3.1 full")], "temporary"),
        (".", [.say("550 5.7.1 spam")], "rejected"), (".", [.say("nonsense")], "uncertain"),
        (".", [.say("421 4.3.2 bye"), .drop], "throttled"),
        (".", [.say("250 ok"), .drop], "250 ok"),
    ]

    @Test("shows each connection the credentials that hold when it is opened")
    func renewedCredentials() async throws {
        let server = ScriptedServer { turn in
            turn.connection == 1 && turn.verb == "." ? [.say("250 ok"), .drop] : nil
        }
        let opened = Mutex(0)
        let transport = try transport(try await server.start()) { configuration in
            configuration.allowsAuthenticationInClear = true
            configuration.credentials = SMTPCredentials(user: "ana", secret: Secret("stale"))
            configuration.currentCredentials = {
                let number = opened.withLock { opened in
                    opened += 1
                    return opened
                }
                return SMTPCredentials(user: "ana", secret: Secret("secret \(number)"))
            }
        }
        for _ in 0..<2 { #expect(await fate(over: transport).hasPrefix("250 ")) }
        let shown = server.seen.withLock { $0.lines }.filter { $0.hasPrefix("AUTH") }
        let expected = ["secret 1", "secret 2"].map { "AUTH PLAIN " + Array("\0ana\0\($0)".utf8).base64 }
        #expect(shown == expected)
        await transport.close()
        try await server.stop()
    }

    @Test("knows the fate of a message whatever the server does, and sends the next one", arguments: misbehaviours)
    func misbehaviour(verb: String, steps: [Step], expected: String) async throws {
        let server = ScriptedServer { turn in
            turn.connection == 1 && turn.verb == verb && turn.count == 1 ? steps : nil
        }
        let transport = try transport(try await server.start())
        #expect(await fate(over: transport) == expected)
        // Says how far it came before the suite's limit ends it without a word.
        let watch = Task {
            try await Task.sleep(for: .seconds(90))
            Issue.record("no fate yet of the next message: \(server.seen.withLock { "\($0)" })")
        }
        let next = await fate(over: transport)
        watch.cancel()
        #expect(next.hasPrefix("250 2.0.0 queued as"), "\(next)")
        await transport.close()
        try await server.stop()
    }

    static let silences: [(String, [Step], String)] = [
        ("CONNECT", [.deaf], "timeout"), ("EHLO", [.deaf], "timeout"), ("EHLO", [.say("250-half"), .deaf], "timeout"),
        ("MAIL", [.deaf], "timeout"), ("RCPT", [.deaf], "timeout"), ("DATA", [.deaf], "timeout"),
        (".", [.deaf], "uncertain"), (".", [.say("250-half"), .deaf], "uncertain"),
    ]

    @Test("does not wait for ever, and knows what may have been taken by then", arguments: silences)
    func silence(verb: String, steps: [Step], expected: String) async throws {
        let server = ScriptedServer { $0.verb == verb ? steps : nil }
        let transport = try transport(try await server.start()) { $0.timeouts = Self.timeouts(shortFor: verb) }
        #expect(await fate(over: transport) == expected)
        await transport.close()
        try await server.stop()
    }

    @Test("a content that never left whole may be sent again, one that did may not")
    func stuckContent() async throws {
        let large = SMTPEnvelope.test(String(repeating: String(repeating: "x", count: 62) + "\r\n", count: 500_000))
        // Only where nothing ever comes is there little time, so that a busy machine fails nothing else.
        for (steps, block, expected) in [
            ([Step.say("354 go"), .deaf], Int64(300), "timeout"),
            ([.deaf, .say("354 go"), .drop], 60_000, "connection"),
        ] {
            let server = ScriptedServer { $0.verb == "DATA" ? steps : nil }
            let transport = try transport(try await server.start()) { $0.timeouts.block = block }
            #expect(await fate(of: large, over: transport) == expected)
            await transport.close()
            try await server.stop()
        }
    }

    @Test("when the line breaks behind a content, only that message is uncertain and the next goes another way")
    func brokenPipeline() async throws {
        let server = ScriptedServer { turn in
            // The first content is answered once the second message's envelope is there as well.
            turn.connection == 1 && turn.verb == "." ? [] : turn.connection == 1 && turn.count == 2 ? [.drop] : nil
        }
        let transport = try transport(try await server.start()) { $0.timeouts.content = 10_000 }
        let fates = await withTaskGroup(of: String.self) { group in
            for _ in 0..<5 { group.addTask { await fate(over: transport) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(fates.filter { $0 == "uncertain" }.count == 1, "\(fates)")
        #expect(fates.filter { $0.hasPrefix("250 2.0.0 queued as 2-") }.count == 4, "\(fates)")
        #expect(server.seen.withLock { $0.accepted } == 4)
        await transport.close()
        try await server.stop()
    }

    @Test("a server that was tired of an idle connection costs no message")
    func tiredServer() async throws {
        let server = ScriptedServer { turn in
            turn.connection == 1 && turn.verb == "MAIL" && turn.count == 2 ? [.say("421 4.4.2 too long"), .drop] : nil
        }
        let transport = try transport(try await server.start())
        #expect(await fate(over: transport) == "250 2.0.0 queued as 1-1")
        #expect(await fate(over: transport) == "250 2.0.0 queued as 2-1")
        await transport.close()
        try await server.stop()
    }

    @Test("a refused recipient does not disturb the messages around it")
    func refusedAmongOthers() async throws {
        let server = ScriptedServer { turn in
            turn.verb == "RCPT" && turn.count % 3 == 0 ? [.say("550 5.1.1 no")] : nil
        }
        let transport = try transport(try await server.start())
        let fates = await withTaskGroup(of: String.self) { group in
            for _ in 0..<300 { group.addTask { await fate(over: transport) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(fates.filter { $0 == "badAddress" }.count == 100)
        #expect(fates.filter { $0.hasPrefix("250") }.count == 200)
        #expect(server.seen.withLock { $0.accepted } == 200)
        await transport.close()
        try await server.stop()
    }

    @Test("nobody there: says so, and when to try again")
    func nobodyThere() async throws {
        let transport = try transport(1)
        await #expect(throws: SendError(.connection, retryAfterSeconds: 1)) { try await transport.send(.test()) }
        await transport.close()
        await #expect(throws: SendError(.connection, status: "closing")) { try await transport.send(.test()) }
    }

    @Test("a message that waits can be cancelled, and the line is bounded")
    func waiting() async throws {
        let server = ScriptedServer { $0.verb == "CONNECT" ? [] : nil }
        let transport = try transport(try await server.start()) { $0.pool.queue = 1 }
        let first = Task { await fate(over: transport) }
        let second = Task { await fate(over: transport) }
        // One of the two waits for the connection; the line has no place for the other.
        let refused = await withTaskGroup(of: String.self) { group in
            for task in [first, second] { group.addTask { await task.value } }
            let refused = await group.next()
            first.cancel()
            second.cancel()
            #expect(await group.next() == "connection")
            return refused
        }
        #expect(refused == "throttled")
        await transport.close()
        try await server.stop()
    }

    /// The fates of messages sent together, by index; more than one for an index would show as well.
    private final class Fates: Sendable {
        private let known = Mutex<[Int: [String]]>([:])

        var all: [Int: [String]] { known.withLock { $0 } }

        func send(_ envelopes: [SMTPEnvelope], over transport: SMTPTransport) async {
            await transport.send(envelopes.count, envelope: { envelopes[$0] }) { [self] index, result in
                let word =
                    switch result {
                    case .success(let receipt): String(receipt.detail.prefix(9))
                    case .failure(let error): "\(error.code)"
                    }
                known.withLock { $0[index, default: []].append(word) }
            }
        }
    }

    @Test("of messages that are sent together each has its own fate, and all are known at the end")
    func together() async throws {
        let server = ScriptedServer { $0.verb == "RCPT" && $0.count == 3 ? [.say("550 5.1.1 no")] : nil }
        let transport = try transport(try await server.start())
        var envelopes = Array(repeating: SMTPEnvelope.test(), count: 20)
        envelopes[7].message = Array("alone\n".utf8)
        let fates = Fates()
        await fates.send(envelopes, over: transport)
        var expected = Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, ["250 2.0.0"]) })
        expected[2] = ["badAddress"]
        expected[7] = ["unsupported"]
        #expect(fates.all == expected)
        await Fates().send([], over: transport)
        await transport.close()
        try await server.stop()
    }

    @Test("of large messages that are sent together only some are made before the first have left")
    func large() async throws {
        let server = ScriptedServer { $0.verb == "." && $0.count == 1 ? [.deaf] : nil }
        let transport = try transport(try await server.start()) { $0.pool.closeTime = 100 }
        var envelope = SMTPEnvelope.test()
        envelope.message = Array(repeating: Array((String(repeating: "x", count: 998) + "\r\n").utf8), count: 4000)
            .flatMap { $0 }
        let made = Mutex(0)
        let sending = Task { [envelope] in
            await transport.send(
                40,
                envelope: { (_) throws(SendError) in
                    made.withLock { $0 += 1 }
                    return envelope
                }, done: { _, _ in })
        }
        while made.withLock({ $0 }) < 5 { try await Task.sleep(for: .milliseconds(2)) }
        // Sixteen mebibytes have room for five of four megabytes.
        try await Task.sleep(for: .milliseconds(300))
        #expect(made.withLock { $0 } == 5)
        transport.withdraw()
        await transport.close()
        await sending.value
        #expect(made.withLock { $0 } == 40)
        try await server.stop()
    }

    @Test("cancelling takes those out of the line that wait, and not the one under way")
    func togetherCancelled() async throws {
        let server = ScriptedServer { $0.verb == "." ? [.deaf] : nil }
        let transport = try transport(try await server.start()) { $0.pool.closeTime = 100 }
        let fates = Fates()
        let sending = Task { await fates.send(Array(repeating: SMTPEnvelope.test(), count: 20), over: transport) }
        try await begins(server)
        sending.cancel()
        // The one under way and the one whose envelope may have gone along behind it stay.
        while fates.all.count < 18 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(fates.all.count >= 18 && fates.all.values.allSatisfy { $0 == ["connection"] })
        await transport.close()
        await sending.value
        #expect(fates.all.count == 20 && fates.all.values.allSatisfy { $0.count == 1 })
        try await server.stop()
    }

    @Test("closing finishes what is in flight and says good-bye")
    func closing() async throws {
        let server = ScriptedServer()
        let transport = try transport(try await server.start())
        let service = Task { try await transport.run() }
        #expect(await fate(over: transport) == "250 2.0.0 queued as 1-1")
        service.cancel()
        try await service.value
        #expect(server.seen.withLock { $0.lines.last } == "QUIT")
        try await server.stop()
    }

    @Test("closing while a connection is being opened ends it when it is there")
    func closingWhileOpening() async throws {
        let server = ScriptedServer()
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let (answered, answer) = AsyncStream.makeStream(of: Never.self)
        let transport = try transport(try await server.start()) { configuration in
            configuration.allowsAuthenticationInClear = true
            configuration.currentCredentials = {
                ask.finish()
                for await _ in answered {}
                return SMTPCredentials(user: "ana", secret: Secret("secret"))
            }
        }
        let sending = Task { await fate(over: transport) }
        for await _ in asked {}
        let closing = Task { await transport.close() }
        // Its fate is known as soon as the line is closed.
        #expect(await sending.value == "connection")
        answer.finish()
        await closing.value
        try await server.stop()
    }

    @Test("closing gives up a server that does not answer")
    func closingInTime() async throws {
        let server = ScriptedServer { $0.verb == "." ? [] : nil }
        let transport = try transport(try await server.start()) { $0.pool.closeTime = 100 }
        let sending = Task { await fate(over: transport) }
        try await begins(server)
        await transport.close()
        #expect(["uncertain", "connection"].contains(await sending.value))
        try await server.stop()
    }
}
