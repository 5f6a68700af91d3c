import Glibc
import RapportTestServers

/// One delivery after another, each over a connection of its own, command by command.
struct LMTPSession {
    private(set) var descriptor: Int32 = -1
    private var mail = 0
    /// The command that is answered next; -1 for the greeting.
    private var step = -1
    private var unsent: Range<Int> = 0..<0
    private var reply: [UInt8] = []

    enum Outcome {
        case more
        case delivered
        case refused(String)
    }

    var isIdle: Bool { descriptor < 0 }
    var wantsToSend: Bool { !unsent.isEmpty }

    mutating func begin(_ mail: Int, port: Int) throws {
        descriptor = try LoopbackConnection.descriptor(port: port)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        (self.mail, step) = (mail, -1)
        reply.removeAll(keepingCapacity: true)
    }

    mutating func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
        unsent = 0..<0
    }

    mutating func send(_ bytes: UnsafeRawBufferPointer) {
        while let base = bytes.baseAddress, !unsent.isEmpty {
            let sent = Glibc.send(descriptor, base + unsent.lowerBound, unsent.count, Int32(MSG_NOSIGNAL))
            // What is wrong with the connection is found when its answer is read.
            guard sent > 0 else { return }
            unsent = (unsent.lowerBound + sent)..<unsent.upperBound
        }
    }

    mutating func receive(
        _ requests: RequestBook, _ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) -> Outcome {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return .more }
        guard count > 0 else { return .refused("the connection ended after command \(step)") }
        reply.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        guard isComplete else { return .more }
        guard reply[0] == UInt8(ascii: "2") || reply[0] == UInt8(ascii: "3") else {
            return .refused(String(decoding: reply, as: UTF8.self))
        }
        reply.removeAll(keepingCapacity: true)
        step += 1
        guard step < MailBook.steps else { return .delivered }
        unsent = requests.range(of: mail * MailBook.steps + step)
        send(bytes)
        return .more
    }

    /// The last line of a reply has a space behind its code (RFC 5321, section 4.2.1).
    private var isComplete: Bool {
        guard reply.count >= 5, reply.last == 10 else { return false }
        let lastLine = (reply.dropLast().lastIndex(of: 10) ?? -1) + 1
        return lastLine + 3 < reply.count && reply[lastLine + 3] == 32
    }
}
