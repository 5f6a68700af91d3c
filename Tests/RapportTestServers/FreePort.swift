import Glibc
import Synchronization

/// Ports of 127.0.0.1 that nothing listens on.
///
/// They lie below those that the kernel gives to outgoing connections and to whoever asks for any port (32768 and up by
/// default), so that a port stays free from here until a server takes it, and while a server is killed and comes back.
package enum FreePort {
    private static let range = 10_240..<32_768
    private static let handedOut = Mutex<Set<Int>>([])

    /// A port for a server that must be told its port before it starts. The same port is never handed out twice by a run.
    package static func take() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: range)
            if try isFree(port), handedOut.withLock({ $0.insert(port).inserted }) { return port }
        }
        throw TestServerError("no port of \(range) is free")
    }

    private static func isFree(_ port: Int) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestServerError("no socket: errno \(errno)") }
        defer { close(descriptor) }
        var address = LoopbackAddress.make(port: port)
        return LoopbackAddress.with(&address) { bind(descriptor, $0, $1) } == 0
    }
}
