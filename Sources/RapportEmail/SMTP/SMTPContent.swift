package import RapportChannels

/// A message as it follows DATA: dot-stuffed and ended by a line with a single dot (RFC 5321, section 4.5.2).
package struct SMTPContent: Hashable, Sendable {
    package let bytes: [UInt8]
    package let has8bit: Bool

    /// Looks at each byte once.
    ///
    /// - Throws: `.unsupported` when a CR or LF stands alone: servers disagree on what such a line end means, and that
    ///   disagreement lets one message hide another in its text.
    package init(_ message: [UInt8]) throws(SendError) {
        var allBytes: UInt8 = 0
        var isSound = true
        let cr = UInt8(ascii: "\r")
        let lf = UInt8(ascii: "\n")
        let dot = UInt8(ascii: ".")
        var stuffed: [UInt8] = []
        stuffed.reserveCapacity(message.count + message.count / 64 + 8)
        message.withUnsafeBufferPointer { source in
            var copied = 0
            var previous = lf
            var index = 0
            while index < source.count {
                let byte = source[index]
                allBytes |= byte
                if byte == dot, previous == lf {
                    stuffed.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied...index]))
                    copied = index
                } else if (byte == lf) != (previous == cr) {
                    isSound = false
                }
                previous = byte
                index += 1
            }
            if previous == cr { isSound = false }
            stuffed.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied...]))
            if previous != lf { stuffed += [cr, lf] }
        }
        guard isSound else { throw SendError(.unsupported, status: "line ends") }
        stuffed += [dot, cr, lf]
        bytes = stuffed
        has8bit = allBytes > 127
    }
}
