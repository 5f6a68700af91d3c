import NIOCore
import NIOEmbedded
import Testing

@testable import RapportServer

@Suite("What comes after the answer")
struct LingeringCloseTests {
    /// Counts how often the socket is asked for more.
    private final class Asked: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }

    @Test("is dropped unseen up to a bound, and is not read beyond it; what is said to the client leaves all the same")
    func bounded() throws {
        let channel = EmbeddedChannel(handler: LingeringClose(limit: 10))
        let asked = Asked()
        try channel.pipeline.syncOperations.addHandler(asked, position: .first)
        for (bytes, reads) in [(9, 1), (1, 1), (5, 1)] {
            try channel.writeInbound(ByteBuffer(repeating: 120, count: bytes))
            #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
            channel.read()
            #expect(asked.count == reads, "after \(bytes) more")
        }
        try channel.writeOutbound(ByteBuffer(string: "HTTP/1.1 413"))
        #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "HTTP/1.1 413"))
        #expect(try channel.finish().isClean)
    }
}
