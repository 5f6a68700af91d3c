import Foundation

/// When something begins to send, seen from outside: the kernel's list of connections (proc(5), `net/tcp`).
enum SinkConnections {
    /// Waits for a connection to a port of this machine.
    ///
    /// - Returns: when it was seen, in seconds since 1970.
    static func first(to port: Int) async throws -> Double {
        // The local address of the accepted side, and the state “established”. By bytes: the list is long after a row that
        // has made thousands of connections.
        let end = Array(String(format: ":%04X", port).utf8)
        while true {
            let list = KernelFile.text("/proc/net/tcp")
            let isThere = list.utf8.split(separator: UInt8(ascii: "\n")).contains { line in
                let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 4)
                return fields.count > 3 && fields[1].suffix(end.count).elementsEqual(end)
                    && fields[3].elementsEqual("01".utf8)
            }
            if isThere { return Date().timeIntervalSince1970 }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
