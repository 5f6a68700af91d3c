import Glibc
import Testing

@testable import RapportSockets

@Suite("Writes with one call of the system")
struct SystemWritesTests {
    private let system: SystemWrites

    init() throws {
        system = try #require(SystemWrites())
    }

    /// - Returns: how many bytes of each the system took.
    private func write(_ texts: [(descriptor: Int32, text: String)]) -> [Int] {
        let rooms = texts.map { text in
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: text.text.utf8.count, alignment: 1)
            room.copyBytes(from: text.text.utf8)
            return room
        }
        defer { for room in rooms { room.deallocate() } }
        return system.write(zip(texts, rooms).map { .init(descriptor: $0.descriptor, bytes: $1) })
    }

    private func pair(_ body: (_ own: Int32, _ peer: Int32) throws -> Void) throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        try body(ends[0], ends[1])
    }

    private func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }

    @Test("reach their own socket in the order in which they are given")
    func order() throws {
        try pair { own, peer in
            try pair { other, otherPeer in
                for _ in 0..<3 {
                    #expect(write([(own, "a"), (other, "bb"), (own, "c"), (other, "")]) == [1, 2, 1, 0])
                    #expect(read(peer) == "ac")
                    #expect(read(otherPeer) == "bb")
                }
            }
        }
    }

    @Test("are taken as far as there is room")
    func room() throws {
        try pair { own, peer in
            let text = String(repeating: "x", count: 2 << 20)
            let taken = write([(own, text)])[0]
            #expect((1..<text.utf8.count).contains(taken))
            #expect(write([(own, text)]) == [0])
        }
    }

    @Test("whoever can't be written to takes nothing; those behind him are left to the usual way")
    func refused() throws {
        try pair { own, peer in
            #expect(write([(own, "a"), (-1, "b"), (own, "c")]) == [1, 0, 0])
            #expect(read(peer) == "a")
            signal(SIGPIPE, SIG_IGN)
            shutdown(peer, Int32(SHUT_RD))
            #expect(write([(own, "d")]) == [0])
        }
    }
}
