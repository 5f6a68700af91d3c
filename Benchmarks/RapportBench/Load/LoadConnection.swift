import Glibc
import RapportTestServers

/// One keep-alive connection to a port of 127.0.0.1 that never blocks.
struct LoadConnection {
    private(set) var descriptor: Int32
    private var reader = AnswerReader()
    /// The request under way, what is left to send of it, and when it began.
    private var request: Int?
    private var unsent: Range<Int> = 0..<0
    private var began: UInt64 = 0

    var isOpen: Bool { descriptor >= 0 }
    var isIdle: Bool { request == nil }
    var wantsToSend: Bool { !unsent.isEmpty }

    init(port: Int) throws {
        descriptor = try LoopbackConnection.descriptor(port: port)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    mutating func close() {
        if isOpen { Glibc.close(descriptor) }
        descriptor = -1
    }

    mutating func begin(_ index: Int, _ range: Range<Int>, of bytes: UnsafeRawBufferPointer, at now: UInt64) -> Bool {
        request = index
        unsent = range
        began = now
        return send(bytes)
    }

    /// - Returns: false when the connection is gone.
    mutating func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        while let base = bytes.baseAddress, !unsent.isEmpty {
            let sent = Glibc.send(descriptor, base + unsent.lowerBound, unsent.count, Int32(MSG_NOSIGNAL))
            if sent < 0 { return errno == EAGAIN || errno == EINTR }
            unsent = (unsent.lowerBound + sent)..<unsent.upperBound
        }
        return true
    }

    /// Reads what has come.
    ///
    /// - Returns: the status and how long it took when the answer is complete; `.broken` when the connection is of no more use.
    mutating func receive(into buffer: UnsafeMutableRawBufferPointer, at now: UInt64) -> Received {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return .more }
        guard count > 0, request != nil else { return .broken }
        switch reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
        case .more: return .more
        case .broken: return .broken
        case .answer(let status):
            request = nil
            return .answer(status: status, nanoseconds: now - began)
        }
    }

    enum Received {
        case more
        case broken
        case answer(status: Int, nanoseconds: UInt64)
    }
}
