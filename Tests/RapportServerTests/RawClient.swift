import NIOCore
import NIOPosix
import Synchronization

/// Says what it is told to, byte for byte, and hears until the server hangs up.
enum RawClient {
    /// Either side may end what it says and hear on.
    fileprivate static func connect(port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
    }

    static func exchange(port: Int, _ parts: [String], endsSending: Bool = false) async throws -> String {
        let channel = try await connect(port: port)
        return try await channel.executeThenClose { inbound, outbound in
            // A server that has heard enough may hang up while we still talk.
            for part in parts { try? await outbound.write(ByteBuffer(string: part)) }
            if endsSending { outbound.finish() }
            var answer = ""
            do {
                for try await part in inbound { answer += String(buffer: part) }
            } catch {
                return answer
            }
            return answer
        }
    }

    /// Says `second` as soon as it has heard `word`, if ever.
    static func exchange(port: Int, _ first: String, uponHearing word: String, _ second: String) async throws -> String
    {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: first))
            var answer = ""
            for try await part in inbound {
                let heard = answer.contains(word)
                answer += String(buffer: part)
                if !heard, answer.contains(word) { try await outbound.write(ByteBuffer(string: second)) }
            }
            return answer
        }
    }

    /// One call of the hook, or of another target, on a connection of its own.
    static func post(
        port: Int, _ body: String, to target: String = "/in/shop", fields: String = ""
    ) async throws -> String {
        let head = "POST \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(fields)"
        return try await exchange(port: port, [head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body])
    }

    /// Leaves without waiting for an answer.
    static func sayAndHangUp(port: Int, _ text: String) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
        try await channel.close()
    }

    /// Says the head and then block after block without looking for an answer, until the server takes no more.
    ///
    /// - Parameter least: so many blocks must be taken.
    /// - Returns: what was answered, and how many blocks the server's side took.
    static func flood(
        port: Int, _ head: String, _ block: ByteBuffer, count: Int, atLeast least: Int
    ) async throws -> (String, Int) {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let taken = Mutex(0)
        return try await channel.executeThenClose { inbound, _ in
            let writing = channel.channel
            try await writing.writeAndFlush(ByteBuffer(string: head))
            let written = (0..<count).map { _ in writing.writeAndFlush(block) }
            for block in written { block.whenSuccess { taken.withLock { $0 += 1 } } }
            try await written[least - 1].get()
            // Time to take too many.
            try await Task.sleep(for: .milliseconds(700))
            writing.read()
            var answer = ""
            for try await part in inbound {
                answer += String(buffer: part)
                if answer.contains("}") { break }
                writing.read()
            }
            return (answer, taken.withLock { $0 })
        }
    }
}

/// A connection on which things are said and heard in turn.
final class RawConnection: Sendable {
    private let heard = Mutex("")
    private let (news, tellNews) = AsyncStream.makeStream(of: Void.self)
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    private init(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.outbound = outbound
    }

    /// - Returns: all that was heard until the server hung up.
    static func run(
        port: Int, _ body: @escaping @Sendable (RawConnection) async throws -> Void
    ) async throws -> String {
        let channel = try await RawClient.connect(port: port)
        return try await channel.executeThenClose { inbound, outbound in
            let connection = RawConnection(outbound)
            async let said: Void = body(connection)
            for try await part in inbound {
                connection.heard.withLock { $0 += String(buffer: part) }
                connection.tellNews.yield()
            }
            connection.tellNews.finish()
            try await said
            return connection.heard.withLock { $0 }
        }
    }

    func say(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func endSaying() { outbound.finish() }

    /// Returns when this has been heard so many times since the beginning, or when the server has hung up.
    func hears(_ word: String, times: Int) async throws {
        if heard.withLock({ $0.ranges(of: word).count }) >= times { return }
        for await _ in news where heard.withLock({ $0.ranges(of: word).count }) >= times { return }
    }
}
