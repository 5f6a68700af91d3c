import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An SMTP server that does what it should, except where its script says otherwise.
final class ScriptedServer: Sendable {
    enum Step: Sendable, CustomStringConvertible {
        case say(String)
        /// Closes without a word.
        case drop
        /// Begins TLS on the server's side.
        case tls
        /// Reads and answers nothing more, so that the client's content gets stuck.
        case deaf

        var description: String {
            switch self {
            case .say(let text): "say \(text.prefix(40))"
            case .drop: "drop"
            case .tls: "TLS"
            case .deaf: "deaf"
            }
        }
    }

    /// Something that the client did.
    struct Turn: Sendable {
        /// Counted from 1.
        var connection: Int
        /// `CONNECT`, the command in upper case, or `.` when a content is there whole.
        var verb: String
        /// How often this connection has seen the verb, this time included.
        var count: Int
        var isSecure: Bool
    }

    struct Seen: Sendable {
        var connections = 0
        var lines: [String] = []
        /// Contents that were answered with 250.
        var accepted = 0
    }

    /// What to do instead of the usual; an empty list is silence.
    typealias Script = @Sendable (Turn) -> [Step]?

    let seen = Mutex(Seen())
    private let channel = Mutex<(any Channel)?>(nil)
    private let script: Script
    private let tls: NIOSSLContext?
    private let startsSecure: Bool

    init(tls: NIOSSLContext? = nil, startsSecure: Bool = false, script: @escaping Script = { _ in nil }) {
        self.script = script
        self.tls = tls
        self.startsSecure = startsSecure
    }

    /// - Returns: the port on 127.0.0.1.
    func start() async throws -> Int {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    if startsSecure, let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    let number = seen.withLock {
                        $0.connections += 1
                        return $0.connections
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(self, connection: number, isSecure: startsSecure))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = server }
        return server.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await channel.withLock { $0.take() }?.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: ScriptedServer
        private let connection: Int
        private var isSecure: Bool
        private var counts: [String: Int] = [:]
        private var pending: [UInt8] = []
        private var isReadingContent = false
        private var hasRecipient = false
        private var isDeaf = false

        init(_ server: ScriptedServer, connection: Int, isSecure: Bool) {
            self.server = server
            self.connection = connection
            self.isSecure = isSecure
        }

        func channelActive(context: ChannelHandlerContext) {
            turn("CONNECT", context)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += Array(unwrapInboundIn(data).readableBytesView)
            while !isDeaf, let line = nextLine() {
                if isReadingContent {
                    guard line == "." else { continue }
                    isReadingContent = false
                    turn(".", context)
                } else {
                    server.seen.withLock { $0.lines.append(line) }
                    turn(line.split(separator: " ").first.map { $0.uppercased() } ?? "", context)
                }
            }
        }

        private func nextLine() -> String? {
            guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { pending.removeFirst(end + 1) }
            return String(decoding: pending[..<end].dropLast(), as: UTF8.self)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func turn(_ verb: String, _ context: ChannelHandlerContext) {
            counts[verb, default: 0] += 1
            let turn = Turn(connection: connection, verb: verb, count: counts[verb] ?? 0, isSecure: isSecure)
            for step in server.script(turn) ?? usual(verb) {
                switch step {
                case .say(let text):
                    if verb == "DATA", text.hasPrefix("354") { isReadingContent = true }
                    if verb == "RCPT", text.hasPrefix("250") { hasRecipient = true }
                    if verb == ".", text.hasPrefix("250") { server.seen.withLock { $0.accepted += 1 } }
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
                case .drop: context.close(promise: nil)
                case .deaf:
                    isDeaf = true
                    _ = context.channel.setOption(.autoRead, value: false)
                case .tls:
                    guard let tls = server.tls else { return }
                    isSecure = true
                    try? context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
                }
            }
        }

        private func usual(_ verb: String) -> [Step] {
            switch verb {
            case "CONNECT": return [.say("220 scripted")]
            case "EHLO":
                let extensions = server.tls != nil && !isSecure ? "250-STARTTLS\r\n" : "250-AUTH PLAIN\r\n"
                return [.say("250-scripted\r\n250-PIPELINING\r\n250-8BITMIME\r\n\(extensions)250 SIZE 100000000")]
            case "STARTTLS": return [.say("220 go"), .tls]
            case "AUTH": return [.say("235 2.7.0 ok")]
            case "RSET":
                hasRecipient = false
                return [.say("250 reset")]
            case "MAIL":
                hasRecipient = false
                return [.say("250 2.1.0 ok")]
            case "DATA": return [.say(hasRecipient ? "354 go" : "503 5.5.1 no recipients")]
            case ".": return [.say("250 2.0.0 queued as \(connection)-\(counts["."] ?? 0)")]
            case "QUIT": return [.say("221 bye"), .drop]
            default: return [.say("250 ok")]
            }
        }
    }
}
