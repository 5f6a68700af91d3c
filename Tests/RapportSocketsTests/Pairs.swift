import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RapportSockets

/// Connections of one event loop that gather what they write; the other end of each is read when a test likes.
final class Pairs: Sendable {
    let channels: [any Channel]
    let loop: any EventLoop
    /// How many left with each call of the system.
    let calls: Calls
    private let peers: [Int32]

    final class Calls: Sendable {
        let sizes = Mutex<[Int]>([])
    }

    /// - Parameters:
    ///   - room: of each socket for what has not been read, in bytes.
    ///   - gathers: whether the system has such calls to give.
    init(
        _ count: Int, closing: GatheredWrites.Closing = .letsLeave, room: Int32? = nil, gathers: Bool = true
    ) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let calls = Calls()
        let turn = try await loop.submit {
            let system = try #require(SystemWrites())
            let turn = WritesOfTurn(
                on: loop,
                write: gathers
                    ? { writes in
                        calls.sizes.withLock { $0.append(writes.count) }
                        return system.write(writes)
                    } : nil)
            return NIOLoopBound(turn, eventLoop: loop)
        }.get()
        var channels: [any Channel] = []
        var peers: [Int32] = []
        for _ in 0..<count {
            var ends: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            if var room {
                setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
            }
            peers.append(ends[1])
            let own = ends[0]
            channels.append(
                try await ClientBootstrap(group: loop)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(
                                GatheredWrites(in: turn.value, closing: closing))
                        }
                    }
                    .withConnectedSocket(own).get())
        }
        (self.loop, self.calls, self.channels, self.peers) = (loop, calls, channels, peers)
    }

    deinit {
        for channel in channels { channel.close(promise: nil) }
        for peer in peers { close(peer) }
    }

    /// All in one turn of the loop.
    func turn(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await loop.submit(body).get()
    }

    /// What has come to the other end and not been read yet.
    func received(_ index: Int) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(peers[index], &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return text }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    /// The next bytes, waiting for them.
    func received(_ index: Int, bytes: Int) async throws -> String {
        var text = ""
        while text.utf8.count < bytes {
            text += received(index)
            try await Task.sleep(for: .milliseconds(1))
        }
        return text
    }

    /// - Parameter how: `SHUT_RD` refuses what is written from now on; `SHUT_RDWR` ends the connection, too.
    func hangUp(_ index: Int, _ how: Int) {
        shutdown(peers[index], Int32(how))
    }

    /// Whether the connection is at its end, after everything has been read.
    func isAtEnd(_ index: Int) -> Bool {
        var byte: UInt8 = 0
        return recv(peers[index], &byte, 1, Int32(MSG_DONTWAIT)) == 0
    }
}

extension Channel {
    func write(_ text: String) -> EventLoopFuture<Void> { write(ByteBuffer(string: text)) }
}
