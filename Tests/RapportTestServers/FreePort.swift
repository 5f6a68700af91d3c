import Glibc
import Synchronization

/// Ports of 127.0.0.1 that nothing listens on, chosen by the kernel.
package enum FreePort {
    private static let handedOut = Mutex<Set<Int>>([])

    /// A port for a server that must be told its port before it starts. The same port is never handed out twice by a run.
    package static func take() throws -> Int {
        for _ in 0..<100 {
            let port = try probe()
            if handedOut.withLock({ $0.insert(port).inserted }) { return port }
        }
        throw TestServerError("the kernel offers no new port")
    }

    private static func probe() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestServerError("no socket: errno \(errno)") }
        defer { close(descriptor) }
        var address = LoopbackAddress.make(port: 0)
        guard LoopbackAddress.with(&address, { bind(descriptor, $0, $1) }) == 0 else {
            throw TestServerError("no free port: errno \(errno)")
        }
        return try LoopbackAddress.port(of: descriptor)
    }
}
