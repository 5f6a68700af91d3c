import Glibc

/// One client's dialogue with a `CountingSink`. Bytes are looked for in blocks, because the tests are built without
/// optimization and the sink must not be what they wait for.
struct CountingSession {
    enum Event {
        case recipient(String)
        case mail([String])
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)
    private var answers: [UInt8] = []
    private var recipients: [String] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Serves until the client has said QUIT or is gone.
    ///
    /// - Parameter note: is told of everything before it is answered; for a recipient it may return another answer.
    mutating func run(_ note: (Event) -> String?) {
        answer("220 sink.rapport.test ESMTP")
        while let line = nextLine() {
            switch line.prefix(4).uppercased() {
            case "EHLO", "LHLO": answer("250-sink.rapport.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 52428800")
            case "RCPT": answer(take(line, note))
            case "DATA":
                guard !recipients.isEmpty else {
                    answer("554 5.5.1 No valid recipients")
                    continue
                }
                answer("354 Go ahead")
                guard skipContent() else { return }
                _ = note(.mail(recipients))
                recipients = []
                answer("250 2.0.0 Taken")
            case "MAIL", "RSET":
                recipients = []
                answer("250 2.0.0 Ok")
            case "QUIT":
                answer("221 2.0.0 Bye")
                flush()
                return
            default: answer("250 2.0.0 Ok")
            }
        }
    }

    private mutating func take(_ line: String, _ note: (Event) -> String?) -> String {
        let address = String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
        if let refusal = note(.recipient(address)) { return refusal }
        recipients.append(address)
        return "250 2.1.5 Ok"
    }

    private mutating func answer(_ text: String) { answers += Array((text + "\r\n").utf8) }

    private mutating func flush() {
        var sent = 0
        while sent < answers.count {
            let count = answers.withUnsafeBytes { bytes in
                bytes.baseAddress.map { send(descriptor, $0 + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) } ?? -1
            }
            // A client that is gone is found out by the next read; what it has sent is still there.
            guard count > 0 else { break }
            sent += count
        }
        answers.removeAll(keepingCapacity: true)
    }

    private mutating func nextLine() -> String? {
        while true {
            if let end = lineEnd(from: start) {
                defer { start = end + 1 }
                return String(decoding: buffer[start..<end].filter { $0 != 13 }, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    /// Reads up to the line that is only a dot.
    ///
    /// - Returns: false when the client went before.
    private mutating func skipContent() -> Bool {
        while true {
            while let end = lineEnd(from: start) {
                let isDot = end == start + 2 && buffer[start] == 46
                start = end + 1
                if isDot { return true }
            }
            guard fill() else { return false }
        }
    }

    private func lineEnd(from place: Int) -> Int? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, place < bytes.count,
                let found = memchr(base + place, 10, bytes.count - place)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Before it waits for more, everything that was answered so far leaves at once, as pipelining wants it.
    private mutating func fill() -> Bool {
        flush()
        buffer.removeFirst(start)
        start = 0
        let count = chunk.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { recv(descriptor, $0, bytes.count, 0) } ?? -1
        }
        guard count > 0 else { return false }
        chunk.withUnsafeBytes { buffer.append(contentsOf: $0[..<count]) }
        return true
    }
}
