package import NIOCore
package import RapportChannels

/// A message as it follows DATA: dot-stuffed and ended by a line with a single dot (RFC 5321, section 4.5.2).
package struct SMTPContent: Hashable, Sendable {
    package let buffer: ByteBuffer
    package let has8bit: Bool

    private static let end: StaticString = ".\r\n"
    private static let cr = UInt8(ascii: "\r")
    private static let lf = UInt8(ascii: "\n")
    private static let dot = UInt8(ascii: ".")

    /// - Throws: `.unsupported` when a CR or LF stands alone: servers disagree on what such a line end means, and that
    ///   disagreement lets one message hide another in its text.
    package init(_ message: [UInt8]) throws(SendError) {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(message.count + message.count / 64 + 8)
        let traits = message.withUnsafeBufferPointer { message in
            let traits = Traits(message)
            Self.append(message, hasDots: traits.hasDots, to: &buffer)
            return traits
        }
        guard traits.isSound else { throw SendError(.unsupported, status: "line ends") }
        buffer.writeStaticString(Self.end)
        self.buffer = buffer
        has8bit = traits.has8bit
    }

    /// What decides how a message may be sent.
    private struct Traits {
        /// Whether each line ends by CRLF, and nothing else in it could be taken for an end.
        let isSound: Bool
        /// Whether a line begins with a dot.
        let hasDots: Bool
        let has8bit: Bool

        /// Looks at each byte once, and without a branch, so that the compiler can look at many together.
        init(_ message: UnsafeBufferPointer<UInt8>) {
            var previous = lf
            var (lone, dots, all): (UInt8, UInt8, UInt8) = (0, 0, 0)
            for byte in message {
                lone |= (byte == lf ? 1 : 0) ^ (previous == cr ? 1 : 0)
                dots |= (byte == dot ? 1 : 0) & (previous == lf ? 1 : 0)
                all |= byte
                previous = byte
            }
            isSound = lone == 0 && previous != cr
            hasDots = dots != 0
            has8bit = all > 127
        }
    }

    /// Copies whole stretches between the lines that begin with a dot, and ends the last line.
    private static func append(
        _ message: UnsafeBufferPointer<UInt8>, hasDots: Bool, to buffer: inout ByteBuffer
    ) {
        var rest = UnsafeRawBufferPointer(message)[...]
        if hasDots {
            var start = 0
            for line in TextLines(message) {
                if line.first == dot {
                    buffer.writeBytes(UnsafeRawBufferPointer(rebasing: rest[...start]))
                    rest = rest[start...]
                }
                start += line.count + 1
            }
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: rest))
        if let last = message.last, last != lf { buffer.writeStaticString("\r\n") }
    }
}
