import Foundation
import Glibc
import Synchronization

/// A listening socket on a free port of 127.0.0.1, and the thread that accepts what comes: what every server inside a
/// test stands on.
final class LoopbackListener: Sendable {
    let port: Int
    private let descriptor: Int32
    private let isStopped = Mutex(false)

    /// Listens at once; nothing is accepted before `accept`.
    ///
    /// - Parameter prepare: sets options of the socket before it listens.
    init(prepare: (Int32) -> Void = { _ in }) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = LoopbackAddress.make(port: 0)
        prepare(descriptor)
        guard descriptor >= 0, LoopbackAddress.with(&address, { bind(descriptor, $0, $1) }) == 0,
            listen(descriptor, 512) == 0
        else { throw TestServerError("no listener: errno \(errno)") }
        self.descriptor = descriptor
        port = try LoopbackAddress.port(of: descriptor)
    }

    /// Hands over each connection until `stop`; called once.
    ///
    /// - Parameter serve: gets a descriptor of its own and must return soon; false stops accepting.
    func accept(_ serve: @escaping @Sendable (_ client: Int32) -> Bool) {
        let descriptor = descriptor
        Thread {
            while true {
                let client = Glibc.accept(descriptor, nil, nil)
                if client < 0 && errno == EINTR { continue }
                guard client >= 0 else { break }
                guard serve(client) else {
                    close(client)
                    break
                }
            }
            close(descriptor)
        }.start()
    }

    /// Stops accepting. The accepting thread closes the descriptor, which is not ours any more after that.
    func stop() {
        isStopped.withLock {
            if !$0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
            $0 = true
        }
    }
}
