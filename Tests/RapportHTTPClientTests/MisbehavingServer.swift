import Foundation
import Glibc
import Synchronization

/// A server on a free loopback port that does to every connection what its script says.
final class MisbehavingServer: Sendable {
    let port: Int
    private let socket: Int32
    private let log = Mutex<[String]>([])

    /// The script runs once for each connection, on a thread of its own; the connection is closed after it.
    init(script: @escaping @Sendable (ServedConnection) -> Void) throws {
        let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // A small window, so that a server that does not read soon stops a sender.
        var window: Int32 = 8192
        setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) + listen(listener, 64) + getsockname(listener, $0, &size)
            }
        }
        guard listener >= 0, status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        socket = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let accepted = accept(listener, nil, nil)
                guard accepted >= 0 else { break }
                Thread.detachNewThread {
                    let connection = ServedConnection(accepted) { head in self.log.withLock { $0.append(head) } }
                    script(connection)
                    connection.end()
                }
            }
            close(listener)
        }
    }

    /// The heads of the requests read so far.
    var heads: [String] { log.withLock { $0 } }

    func url(_ path: String = "/", host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    func stop() { Glibc.shutdown(socket, Int32(SHUT_RDWR)) }
}

/// The server's end of a connection; belongs to the thread of its script.
final class ServedConnection {
    private let socket: Int32
    private let note: (String) -> Void
    private var buffer: [UInt8] = []
    private var isOpen = true

    init(_ socket: Int32, note: @escaping (String) -> Void) {
        self.socket = socket
        self.note = note
    }

    /// Reads a head, without the body; `nil` when the client has closed.
    func readHead() -> String? {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<end.upperBound)
                note(head)
                return head
            }
            guard fill() else { return nil }
        }
    }

    /// Reads a head and all of its body.
    func readRequest() -> (head: String, body: [UInt8])? {
        guard let head = readHead() else { return nil }
        let field = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        while buffer.count < length {
            guard fill() else { return nil }
        }
        defer { buffer.removeFirst(length) }
        return (head, Array(buffer.prefix(length)))
    }

    /// Whether the client still took it.
    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func answer(_ status: Int = 200, _ fields: String = "", body: String = "ok") {
        write("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }

    /// Does nothing until the client closes; what it still sends is thrown away.
    func waitForClose() {
        repeat { buffer = [] } while fill()
    }

    /// Does nothing, not even read, until the client closes.
    func stallWithoutReading() {
        // POLLRDHUP, which Glibc only shows to GNU sources.
        var event = pollfd(fd: socket, events: 0x2000, revents: 0)
        poll(&event, 1, -1)
    }

    /// Closes with RST instead of FIN, as a server does that crashes.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        end()
    }

    func end() {
        guard isOpen else { return }
        isOpen = false
        close(socket)
    }

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }
}
