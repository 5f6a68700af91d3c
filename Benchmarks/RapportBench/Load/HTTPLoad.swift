import Glibc
import RapportTestServers

/// Sends prepared requests over keep-alive connections, on one thread that does little beside the system's calls, so that
/// what is measured is the server.
struct HTTPLoad: Sendable {
    var port: Int
    /// Each has one request under way.
    var connections = 64
    /// Requests a second at most; `nil` as fast as the answers come.
    var rate: Double?
    /// The server is told to end in the middle: what it doesn't answer then is counted and no more.
    var mayBeCutOff = false

    /// Without an answer for this long, the measurement is given up.
    private static let patience: UInt64 = 60_000_000_000

    /// Runs on a thread of its own until every request is answered or every connection is gone.
    func run(_ requests: RequestBook) async throws -> LoadReport {
        try await BlockingWork.run { try runBlocking(requests) }
    }

    private func runBlocking(_ requests: RequestBook) throws -> LoadReport {
        var open = try (0..<connections).map { _ in try LoadConnection(port: port) }
        defer { for index in open.indices { open[index].close() } }
        var run = Run(connections: open, total: requests.count, rate: rate)
        run.report.microseconds.reserveCapacity(requests.count)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        try requests.bytes.withUnsafeBytes { bytes in
            while !run.isOver {
                run.begin(requests, bytes)
                if run.wait() { run.exchange(bytes, buffer) }
                guard run.silence < Self.patience else { throw BenchError("the server stopped answering") }
            }
        }
        open = run.connections
        run.report.seconds = Double(run.lastAnswer - run.start) / 1e9
        guard mayBeCutOff || run.report.answered + run.report.failed == requests.count else {
            throw BenchError("the server closed connections: \(run.report.failures)")
        }
        return run.report
    }

    private struct Run {
        var connections: [LoadConnection]
        let total: Int
        let rate: Double?
        let start = Run.now()
        var lastAnswer = Run.now()
        var next = 0
        var report = LoadReport()
        private var polled: [pollfd]

        init(connections: [LoadConnection], total: Int, rate: Double?) {
            self.connections = connections
            self.total = total
            self.rate = rate
            polled = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        }

        static func now() -> UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }

        var silence: UInt64 { Run.now() - lastAnswer }
        var isOver: Bool {
            report.answered + report.failed >= total || !connections.contains { $0.isOpen }
        }

        /// How many may have begun by now.
        private var allowed: Int {
            guard let rate else { return total }
            return min(total, Int(Double(Run.now() - start) / 1e9 * rate) + 1)
        }

        mutating func begin(_ requests: RequestBook, _ bytes: UnsafeRawBufferPointer) {
            let allowed = allowed
            guard next < allowed else { return }
            for index in connections.indices where connections[index].isOpen && connections[index].isIdle {
                guard next < allowed else { return }
                if !connections[index].begin(next, requests.range(of: next), of: bytes, at: Run.now()) { lose(index) }
                next += 1
            }
        }

        /// - Returns: whether there is something to do for a connection.
        mutating func wait() -> Bool {
            for index in connections.indices {
                polled[index].fd = connections[index].descriptor
                polled[index].events = Int16(connections[index].wantsToSend ? POLLIN | POLLOUT : POLLIN)
            }
            return poll(&polled, nfds_t(polled.count), rate == nil ? 1000 : 1) > 0
        }

        mutating func exchange(_ bytes: UnsafeRawBufferPointer, _ buffer: UnsafeMutableRawBufferPointer) {
            for index in connections.indices where polled[index].revents != 0 && connections[index].isOpen {
                if polled[index].revents & Int16(POLLOUT) != 0, !connections[index].send(bytes) { lose(index) }
                guard connections[index].isOpen, polled[index].revents & ~Int16(POLLOUT) != 0 else { continue }
                let now = Run.now()
                switch connections[index].receive(into: buffer, at: now) {
                case .more: break
                case .broken: lose(index)
                case .answer(let status, let nanoseconds):
                    lastAnswer = now
                    if (200..<300).contains(status) {
                        report.answered += 1
                        report.microseconds.append(UInt32(clamping: nanoseconds / 1000))
                    } else {
                        report.failures[status, default: 0] += 1
                    }
                }
            }
        }

        private mutating func lose(_ index: Int) {
            if !connections[index].isIdle { report.failures[0, default: 0] += 1 }
            connections[index].close()
        }
    }
}
