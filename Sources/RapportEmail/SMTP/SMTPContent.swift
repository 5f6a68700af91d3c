package import NIOCore
package import RapportChannels

/// A message as it follows DATA: dot-stuffed and ended by a line with a single dot (RFC 5321, section 4.5.2).
package struct SMTPContent: Hashable, Sendable {
    package let buffer: ByteBuffer
    package let has8bit: Bool

    private static let end: StaticString = ".\r\n"
    private static let cr = UInt8(ascii: "\r")
    private static let dot = UInt8(ascii: ".")

    /// - Throws: `.unsupported` when a CR or LF stands alone: servers disagree on what such a line end means, and that
    ///   disagreement lets one message hide another in its text.
    package init(_ message: [UInt8]) throws(SendError) {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(message.count + message.count / 64 + 8)
        let isSound = message.withUnsafeBufferPointer { Self.stuff($0, into: &buffer) }
        guard isSound else { throw SendError(.unsupported, status: "line ends") }
        buffer.writeStaticString(Self.end)
        self.buffer = buffer
        has8bit = message.reduce(0, |) > 127
    }

    /// Copies whole stretches between the lines that begin with a dot.
    ///
    /// - Returns: whether each line ends by CRLF, and nothing else in it could be taken for an end.
    private static func stuff(_ message: UnsafeBufferPointer<UInt8>, into buffer: inout ByteBuffer) -> Bool {
        var start = 0
        var copied = 0
        var isSound = true
        for line in TextLines(message) {
            let end = start + line.count
            if line.first == dot {
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(message)[copied...start]))
                copied = start
            }
            let isEnded = end < message.count
            if line.position(of: cr) != (isEnded ? line.count - 1 : nil) { isSound = false }
            start = end + 1
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(message)[copied...]))
        if let last = message.last, last != UInt8(ascii: "\n") { buffer.writeStaticString("\r\n") }
        return isSound
    }
}
