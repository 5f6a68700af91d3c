import Glibc
import NIOCore
import Synchronization
import Testing

@testable import RapportSockets

@Suite("Writes of one turn", .timeLimit(.minutes(1)))
struct GatheredWritesTests {
    /// Notes in which order promises are kept, and which are broken.
    private final class Told: Sendable {
        let words = Mutex<[String]>([])

        func hear(of name: String, _ written: EventLoopFuture<Void>) {
            written.whenComplete { result in
                let isKept = (try? result.get()) != nil
                self.words.withLock { $0.append(isKept ? name : "not \(name)") }
            }
        }
    }

    /// `letter` often enough that a socket with little room does not take it at once.
    private static func long(_ letter: String) -> String { String(repeating: letter, count: 20_000) }

    @Test("leave with one call, each to its own connection, in the order of each")
    func together() async throws {
        let pairs = try await Pairs(3)
        let told = Told()
        try await pairs.turn {
            for (index, channel) in pairs.channels.enumerated() {
                told.hear(of: "first \(index)", channel.write("first \(index) "))
                channel.flush()
                told.hear(of: "second \(index)", channel.write("second \(index)"))
                channel.flush()
            }
            #expect(pairs.received(0) == "")
        }
        try await pairs.turn {}
        #expect((0..<3).map(pairs.received) == ["first 0 second 0", "first 1 second 1", "first 2 second 2"])
        #expect(pairs.calls.sizes.withLock { $0 } == [3])
        #expect(told.words.withLock { $0 } == (0..<3).flatMap { ["first \($0)", "second \($0)"] })
    }

    @Test("so many with one call that there is room for them")
    func room() async throws {
        let pairs = try await Pairs(6, room: 1 << 20)
        let text = String(repeating: "x", count: GatheredWrites.limit)
        try await pairs.turn {
            for channel in pairs.channels { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        }
        try await pairs.turn {}
        #expect(pairs.calls.sizes.withLock { $0 } == [4, 2])
        for index in 0..<6 { #expect(try await pairs.received(index, bytes: text.utf8.count) == text) }
    }

    @Test("one alone, and all where the system has no such calls, are written in the usual way")
    func usual() async throws {
        for (count, gathers) in [(1, true), (3, false)] {
            let pairs = try await Pairs(count, gathers: gathers)
            let told = Told()
            try await pairs.turn {
                for channel in pairs.channels {
                    told.hear(of: "kept", channel.writeAndFlush(ByteBuffer(string: "text")))
                }
            }
            try await pairs.turn {}
            #expect((0..<count).map(pairs.received) == Array(repeating: "text", count: count))
            #expect(pairs.calls.sizes.withLock { $0 } == [])
            #expect(told.words.withLock { $0 } == Array(repeating: "kept", count: count))
        }
    }

    @Test("what is not flushed stays until it is")
    func unflushed() async throws {
        let pairs = try await Pairs(2)
        try await pairs.turn {
            for channel in pairs.channels {
                channel.writeAndFlush(ByteBuffer(string: "now "), promise: nil)
                channel.write(ByteBuffer(string: "later"), promise: nil)
            }
        }
        try await pairs.turn {}
        #expect((0..<2).map(pairs.received) == ["now ", "now "])
        try await pairs.turn { for channel in pairs.channels { channel.flush() } }
        try await pairs.turn {}
        #expect((0..<2).map(pairs.received) == ["later", "later"])
    }

    @Test("what the system does not take at once follows, and nothing overtakes it")
    func partly() async throws {
        let pairs = try await Pairs(2, room: 4096)
        let told = Told()
        try await pairs.turn {
            for (index, channel) in pairs.channels.enumerated() {
                told.hear(of: "a\(index)", channel.write("a"))
                told.hear(of: "b\(index)", channel.write(Self.long("b")))
                told.hear(of: "c\(index)", channel.writeAndFlush(ByteBuffer(string: "c")))
                channel.write(ByteBuffer(string: "d"), promise: nil)
            }
        }
        // The first has left; of the second a part, so that it is not called gone.
        try await pairs.turn {}
        #expect(told.words.withLock { $0 } == ["a0", "a1"])
        try await pairs.turn {
            for (index, channel) in pairs.channels.enumerated() {
                told.hear(of: "e\(index)", channel.writeAndFlush(ByteBuffer(string: "e")))
            }
        }
        for index in 0..<2 {
            #expect(try await pairs.received(index, bytes: 20_004) == "a\(Self.long("b"))cde")
        }
        try await pairs.turn {}
        #expect(Set(told.words.withLock { $0 }) == ["a0", "a1", "b0", "b1", "c0", "c1", "e0", "e1"])
        // It gathers again.
        try await pairs.turn {
            for channel in pairs.channels { channel.writeAndFlush(ByteBuffer(string: "f"), promise: nil) }
        }
        try await pairs.turn {}
        #expect((0..<2).map(pairs.received) == ["f", "f"])
        #expect(pairs.calls.sizes.withLock { $0 } == [2, 2])
    }

    @Test("large ones leave at once, behind what is held and before what follows, and nothing twice")
    func large() async throws {
        let pairs = try await Pairs(2, room: 1 << 20)
        let large = String(repeating: "l", count: GatheredWrites.limit + 1)
        try await pairs.turn {
            for channel in pairs.channels {
                channel.writeAndFlush(ByteBuffer(string: "a"), promise: nil)
                channel.writeAndFlush(ByteBuffer(string: large), promise: nil)
                channel.writeAndFlush(ByteBuffer(string: "b"), promise: nil)
            }
        }
        for index in 0..<2 {
            #expect(try await pairs.received(index, bytes: large.utf8.count + 2) == "a\(large)b")
        }
        try await pairs.turn {}
        #expect((0..<2).map(pairs.received) == ["", ""])
        #expect(pairs.calls.sizes.withLock { $0 } == [2])
    }

    @Test(
        "closing in the same turn lets them leave, or cuts them off",
        arguments: [GatheredWrites.Closing.letsLeave, .cutsOff])
    func closing(_ closing: GatheredWrites.Closing) async throws {
        let pairs = try await Pairs(3, closing: closing)
        let told = Told()
        try await pairs.turn {
            for channel in pairs.channels { told.hear(of: "kept", channel.writeAndFlush(ByteBuffer(string: "text"))) }
            pairs.channels[0].close(promise: nil)
        }
        try await pairs.turn {}
        #expect((0..<3).map(pairs.received) == [closing == .letsLeave ? "text" : "", "text", "text"])
        #expect(told.words.withLock { $0 } == [closing == .letsLeave ? "kept" : "not kept", "kept", "kept"])
        #expect(pairs.isAtEnd(0))
        #expect(pairs.calls.sizes.withLock { $0 } == [2])
    }

    @Test("what was never flushed is told when the connection ends")
    func neverFlushed() async throws {
        let pairs = try await Pairs(1)
        let told = Told()
        try await pairs.turn { told.hear(of: "kept", pairs.channels[0].write("text")) }
        pairs.hangUp(0, SHUT_RDWR)
        try await pairs.channels[0].closeFuture.get()
        try await pairs.turn {}
        #expect(told.words.withLock { $0 } == ["not kept"])
    }

    @Test("what waits for a connection that ends in the same turn leaves to nobody, whoever has its number by then")
    func endedAmidst() async throws {
        let pairs = try await Pairs(3)
        let told = Told()
        try await pairs.turn {
            for (index, channel) in pairs.channels.enumerated() {
                told.hear(of: "\(index)", channel.writeAndFlush(ByteBuffer(string: "text")))
            }
            // As the channel does when it reads the end, without asking its handlers.
            pairs.channels[0]._channelCore.close0(error: ChannelError.eof, mode: .all, promise: nil)
        }
        try await pairs.turn {}
        #expect((0..<3).map(pairs.received) == ["", "text", "text"])
        #expect(pairs.calls.sizes.withLock { $0 } == [2])
        #expect(Set(told.words.withLock { $0 }) == ["not 0", "1", "2"])
    }

    @Test("whoever is told that something left may write and close, and nothing leaves twice")
    func toldAmidst() async throws {
        let pairs = try await Pairs(3)
        let channels = pairs.channels
        try await pairs.turn {
            channels[0].writeAndFlush(ByteBuffer(string: "a")).whenSuccess {
                channels[1].writeAndFlush(ByteBuffer(string: "more"), promise: nil)
                channels[2].close(promise: nil)
            }
            for channel in channels[1...] { channel.writeAndFlush(ByteBuffer(string: "b"), promise: nil) }
        }
        #expect(try await pairs.received(1, bytes: 5) == "bmore")
        #expect([0, 2].map(pairs.received) == ["a", "b"])
        #expect(pairs.isAtEnd(2))
    }

    @Test("an end at the other side is told by the channel")
    func broken() async throws {
        let pairs = try await Pairs(2)
        pairs.hangUp(0, SHUT_RD)
        let told = Told()
        try await pairs.turn {
            for (index, channel) in pairs.channels.enumerated() {
                told.hear(of: "\(index)", channel.writeAndFlush(ByteBuffer(string: "text")))
            }
        }
        try await pairs.turn {}
        #expect(pairs.received(1) == "text")
        #expect(Set(told.words.withLock { $0 }) == ["not 0", "1"])
    }
}
