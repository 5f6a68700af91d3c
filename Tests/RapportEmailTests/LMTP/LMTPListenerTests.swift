import Foundation
import Logging
import NIOCore
import NIOPosix
import RapportTestServers
import Synchronization
import Testing

@testable import RapportEmail

@Suite(.timeLimit(.minutes(2))) struct LMTPListenerTests {
    /// A client that says what it is told to and waits for lines.
    private struct Client {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

        static func connect(_ address: SocketAddress) async throws -> Client {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(to: address) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return Client(channel: channel)
        }

        /// Says the texts, each after the other side has said as many lines; then reads to the end.
        func talk(_ turns: [(lines: Int, text: String)]) async throws -> [String] {
            try await channel.executeThenClose { inbound, outbound in
                var seen: [UInt8] = []
                var turns = turns[...]
                do {
                    for try await buffer in inbound {
                        seen += Array(buffer.readableBytesView)
                        while let next = turns.first, seen.count(where: { $0 == 10 }) >= next.lines {
                            turns = turns.dropFirst()
                            // The listener may have closed already; what it said before that is still to be read.
                            try? await outbound.write(ByteBuffer(string: next.text))
                        }
                    }
                } catch  where !seen.isEmpty {
                    // What was written to a listener that had closed may come back as a reset instead of an end.
                }
                return String(decoding: seen, as: UTF8.self).split(separator: "\r\n").map(String.init)
            }
        }
    }

    private static let envelope = "LHLO mta\r\nMAIL FROM:<f@a.example>\r\nRCPT TO:<a@h.example>\r\nDATA\r\n"

    private func listener(
        _ change: (inout LMTPConfiguration) -> Void = { _ in },
        handler: @escaping @Sendable (LMTPMessage) async -> [LMTPReply]
    ) -> LMTPListener {
        var configuration = LMTPConfiguration(address: .tcp(host: "127.0.0.1", port: 0), hostName: "hub.example")
        change(&configuration)
        return LMTPListener(
            name: "lmtp", configuration, logger: Logger(label: "test"),
            accepts: { $0.hasPrefix("no") ? .unknownRecipient : nil }, handler: handler)
    }

    @Test("takes a message on a TCP port or on a socket in the file system", arguments: [false, true])
    func delivery(isUnix: Bool) async throws {
        let taken = Mutex<[LMTPMessage]>([])
        let path = FileManager.default.temporaryDirectory.appending(path: "lmtp-\(UInt32.random(in: 0 ... .max))").path
        let listener = listener({ if isUnix { $0.address = .unix(path) } }) { message in
            taken.withLock { $0.append(message) }
            return [.accepted]
        }
        let address = try #require(try await listener.start())
        let lines = try await Client.connect(address).talk([
            (1, Self.envelope), (10, "one\r\n..two\r\n.\r\nQUIT\r\n"),
        ])
        #expect(lines.suffix(3) == ["354 end with a dot", "250 2.0.0 delivered", "221 2.0.0 good-bye"])
        #expect(
            taken.withLock { $0 } == [
                LMTPMessage(
                    mailFrom: "f@a.example", recipients: ["a@h.example"], bytes: Array("one\r\n.two\r\n".utf8),
                    peer: isUnix ? nil : "127.0.0.1")
            ])
        await listener.close()
        #expect(listener.memoryInUse == 0)
    }

    @Test("says nothing to a recipient before the handler has returned")
    func answerAfterCommit() async throws {
        let events = Mutex<[String]>([])
        let (commits, commit) = AsyncStream.makeStream(of: Void.self)
        let listener = listener { _ in
            events.withLock { $0.append("handling") }
            for await _ in commits { break }
            events.withLock { $0.append("committed") }
            return [.accepted]
        }
        let address = try #require(try await listener.start())
        async let lines = Client.connect(address).talk([(1, Self.envelope), (10, "x\r\n.\r\nNOOP\r\nQUIT\r\n")])
        while events.withLock({ $0.isEmpty }) { await Task.yield() }
        #expect(listener.memoryInUse >= 3)
        // Closing waits for the handler, and the answer still goes out.
        async let closed: Void = listener.close()
        commit.yield()
        await closed
        #expect(events.withLock { $0 } == ["handling", "committed"])
        #expect(try await lines.contains("250 2.0.0 delivered"))
        #expect(listener.memoryInUse == 0)
    }

    @Test("has no replies before the handler has returned")
    func repliesAfterHandler() async {
        let events = Mutex<[String]>([])
        let configuration = LMTPConfiguration(address: .tcp(host: "127.0.0.1", port: 0), hostName: "hub.example")
        let connections = LMTPConnections(configuration) { _ in
            // Replies that did not wait would have every chance to overtake.
            for _ in 0..<200 { await Task.yield() }
            events.withLock { $0.append("committed") }
            return [.accepted]
        }
        let (replies, replied) = AsyncStream.makeStream(of: [LMTPReply].self)
        connections.handle(LMTPMessage(mailFrom: "", recipients: ["a@h.example"], bytes: [1])) {
            events.withLock { $0.append("answered") }
            replied.yield($0)
        }
        #expect(await replies.first { _ in true } == [.accepted])
        #expect(events.withLock { $0 } == ["committed", "answered"])
    }

    @Test("bounds the connections, and tells those it can't take")
    func connections() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (commits, commit) = AsyncStream.makeStream(of: Void.self)
        let listener = listener({ $0.connections = 1 }) { _ in
            arrived.yield()
            for await _ in commits { break }
            return [.accepted]
        }
        let address = try #require(try await listener.start())
        async let first = Client.connect(address).talk([(1, Self.envelope), (10, "x\r\n.\r\n")])
        for await _ in arrivals { break }
        #expect(try await Client.connect(address).talk([]) == ["421 4.3.2 too many connections"])
        commit.yield()
        async let closed: Void = listener.close()
        #expect(try await first.suffix(2) == ["250 2.0.0 delivered", "421 4.3.2 shutting down"])
        await closed
    }

    @Test("closes on those who say nothing, or whose message never ends")
    func timeouts() async throws {
        let listener = listener({
            $0.idleTime = 1000
            $0.contentTime = 1000
        }) { _ in [.accepted] }
        let address = try #require(try await listener.start())
        #expect(try await Client.connect(address).talk([]).last == "421 4.4.2 timed out")
        #expect(try await Client.connect(address).talk([(1, Self.envelope)]).last == "421 4.4.2 timed out")
        await listener.close()
    }

    @Test("keeps nothing of messages that don't fit into the memory of all")
    func memory() async throws {
        let listener = listener({ $0.memory = 1 << 20 }) { _ in [.accepted] }
        let address = try #require(try await listener.start())
        let content = String(repeating: String(repeating: "x", count: 998) + "\r\n", count: 3000)
        let lines = try await Client.connect(address).talk([
            (1, Self.envelope), (10, content + ".\r\n" + Self.envelope + "small\r\n.\r\nQUIT\r\n"),
        ])
        #expect(lines.contains("451 4.3.1 no memory, try again later"))
        #expect(lines.suffix(2) == ["250 2.0.0 delivered", "221 2.0.0 good-bye"])
        await listener.close()
        #expect(listener.memoryInUse == 0)
    }

    private static let source = "/usr/sbin/smtp-source"

    @Test(
        "takes what Postfix's test client sends over many connections",
        .enabled(if: FileManager.default.isExecutableFile(atPath: source), "smtp-source comes with Postfix"))
    func postfix() async throws {
        let taken = Mutex(0)
        let listener = listener { message in
            taken.withLock { $0 += 1 }
            return message.recipients.map { _ in .accepted }
        }
        let port = try #require(try await listener.start()?.port)
        let arguments = [
            "-L", "-d", "-s", "8", "-m", "1000", "-r", "3", "-l", "4096", "-f", "f@a.example", "-t", "a@h.example",
            "127.0.0.1:\(port)",
        ]
        try await ChildCommand(Self.source, arguments).check()
        #expect(taken.withLock { $0 } == 1000)
        await listener.close()
        #expect(listener.memoryInUse == 0)
    }
}
