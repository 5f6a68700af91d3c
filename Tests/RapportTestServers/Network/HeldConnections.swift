import Glibc

/// Many TCP connections to a port of 127.0.0.1 that are opened and then say nothing.
package final class HeldConnections: Sendable {
    private let descriptors: [Int32]

    /// Asks for all of them at once; the kernel goes on asking for those that find no room at first.
    package init(_ count: Int, port: Int) throws {
        try Self.makeRoom(count + 200)
        var opened: [Int32] = []
        for _ in 0..<count {
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            let descriptor = socket(AF_INET, kind, 0)
            guard descriptor >= 0 else { break }
            opened.append(descriptor)
            var address = LoopbackAddress.make(port: port)
            _ = LoopbackAddress.with(&address) { connect(descriptor, $0, $1) }
        }
        descriptors = opened
        guard opened.count == count else { throw TestServerError("only \(opened.count) sockets: errno \(errno)") }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Raises this process's limit of open files as far as it needs to be.
    private static func makeRoom(_ files: Int) throws {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        getrlimit(resource, &limit)
        guard limit.rlim_cur < rlim_t(files) else { return }
        guard limit.rlim_max >= rlim_t(files) else {
            throw TestServerError("this machine lets a process open only \(limit.rlim_max) files")
        }
        limit.rlim_cur = rlim_t(files)
        setrlimit(resource, &limit)
    }
}
