import Foundation
import Glibc

/// A blocking TCP connection to a port of 127.0.0.1, for use inside `BlockingWork`. Each read and write ends after `patience`.
package final class LoopbackConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    package convenience init(port: Int, patience: Int = 45) throws {
        self.init(adopting: try Self.descriptor(port: port), patience: patience)
    }

    /// A connected socket, which the caller closes.
    package static func descriptor(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestServerError("no socket: errno \(errno)") }
        var address = LoopbackAddress.make(port: port)
        guard LoopbackAddress.with(&address, { connect(descriptor, $0, $1) }) == 0 else {
            let problem = errno
            close(descriptor)
            throw TestServerError("nothing answers on port \(port): errno \(problem)")
        }
        return descriptor
    }

    /// Takes over a connected socket and closes it at the end.
    init(adopting descriptor: Int32, patience: Int) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit { close(descriptor) }

    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestServerError("write failed: errno \(errno)") }
            sent += count
        }
    }

    /// The next line without its end, or nil at the end of the stream.
    package func readLine(limit: Int = 64 << 10) throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                var line = buffer[..<end]
                if line.last == 13 { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                buffer.removeFirst(end + 1)
                return text
            }
            guard buffer.count < limit else { throw TestServerError("a line of over \(limit) bytes") }
            guard try fill() else { return nil }
        }
    }

    /// Exactly `count` bytes, or fewer at the end of the stream.
    package func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count, try fill() {}
        let bytes = Array(buffer.prefix(count))
        buffer.removeFirst(bytes.count)
        return bytes
    }

    /// What is left of the stream.
    package func readToEnd(limit: Int = 64 << 20) throws -> [UInt8] {
        while buffer.count < limit, try fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Waits until the other side has closed, without reading what it sends.
    ///
    /// - Returns: whether it has.
    @discardableResult
    package func waitForEnd(atMostSeconds seconds: Int32 = 60) -> Bool {
        let readHangUp: Int16 = 0x2000
        return look(for: readHangUp, milliseconds: seconds * 1000)
    }

    /// Whether something can be read now, be it the end.
    package var hasInput: Bool { !buffer.isEmpty || look(for: Int16(POLLIN), milliseconds: 0) }

    private func look(for events: Int16, milliseconds: Int32) -> Bool {
        var look = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let count = poll(&look, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw TestServerError("read failed: errno \(errno)") }
        buffer += chunk.prefix(count)
        return count > 0
    }
}
