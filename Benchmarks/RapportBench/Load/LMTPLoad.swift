import Glibc
import RapportTestServers

/// Delivers prepared mails over LMTP as `smtp-source -L` does: so many sessions at once, a connection for each mail, commands
/// one by one.
struct LMTPLoad: Sendable {
    var port: Int
    var sessions = 32

    private static let patienceMilliseconds: Int32 = 60_000

    /// Runs on a thread of its own until everything is delivered.
    ///
    /// - Returns: mails a second.
    func run(_ mails: MailBook) async throws -> Double {
        let seconds = try await Stopwatch.time { try await BlockingWork.run { try deliver(mails) } }
        return Double(mails.count) / seconds
    }

    private func deliver(_ mails: MailBook) throws {
        var open = (0..<min(sessions, mails.count)).map { _ in LMTPSession() }
        defer { for index in open.indices { open[index].close() } }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { buffer.deallocate() }
        var polled = [pollfd](repeating: pollfd(), count: open.count)
        var begun = 0
        var delivered = 0
        try mails.requests.bytes.withUnsafeBytes { bytes in
            while delivered < mails.count {
                for index in open.indices where open[index].isIdle && begun < mails.count {
                    try open[index].begin(begun, port: port)
                    begun += 1
                }
                for index in open.indices {
                    let events = open[index].wantsToSend ? POLLIN | POLLOUT : POLLIN
                    polled[index] = pollfd(fd: open[index].descriptor, events: Int16(events), revents: 0)
                }
                guard poll(&polled, nfds_t(polled.count), Self.patienceMilliseconds) > 0 else {
                    throw BenchError("the LMTP server stopped answering")
                }
                for index in open.indices where polled[index].revents != 0 {
                    if polled[index].revents & Int16(POLLOUT) != 0 { open[index].send(bytes) }
                    guard polled[index].revents & ~Int16(POLLOUT) != 0 else { continue }
                    switch open[index].receive(mails.requests, bytes, into: buffer) {
                    case .more: break
                    case .refused(let reply): throw BenchError("a mail was refused: \(reply)")
                    case .delivered:
                        open[index].close()
                        delivered += 1
                    }
                }
            }
        }
    }
}
