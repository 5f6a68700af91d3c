import Foundation
import Glibc
import Synchronization

/// An SMTP server inside the test that misbehaves as told at any point of the dialogue, and writes down what it got.
package final class ScriptedSink: Sendable {
    /// A moment at which the server is to answer; `content` is in the middle of one, where no answer is due.
    package enum Point: String, Sendable, CaseIterable {
        case greeting, hello, mail, recipient, data, content, dot, quit
    }

    package enum Act: Sendable, Equatable {
        /// Hangs up instead of answering.
        case drop
        /// Answers as it should, and hangs up.
        case answerAndDrop
        /// Says this instead.
        case say(String)
        /// Says this instead, and hangs up.
        case sayAndDrop(String)
        /// Says nothing more, and keeps the connection until the client gives it up.
        case stall
    }

    package struct Script: Sendable {
        /// What happens at the first, the second, … time that a point is reached; after that all is well.
        package var acts: [Point: [Act]] = [:]
        /// The last act of each point is repeated for ever.
        package var isEndless = false
        package var pipelining = true

        package init(_ acts: [Point: [Act]] = [:], isEndless: Bool = false, pipelining: Bool = true) {
            (self.acts, self.isEndless, self.pipelining) = (acts, isEndless, pipelining)
        }

        func act(_ point: Point, time: Int) -> Act? {
            guard let acts = acts[point], let last = acts.last else { return nil }
            return time < acts.count ? acts[time] : isEndless ? last : nil
        }
    }

    /// What it has seen.
    package struct Notes: Sendable {
        package var connections = 0
        /// The recipient of every mail whose final dot has come, whatever was answered.
        package var whole: [String] = []
        /// The recipient of every mail that was answered 250.
        package var accepted: [String] = []
        fileprivate var times: [Point: Int] = [:]
    }

    package var port: Int { listener.port }
    private let script: Script
    private let listener: LoopbackListener
    private let seen = Mutex(Notes())

    /// Listens on a free port until the last reference goes.
    package init(_ script: Script) throws {
        listener = try LoopbackListener { descriptor in
            // A large mail must not have left the client whole before it was read, so buffers are kept small: the other
            // side's by the size of a segment.
            var (size, segment): (Int32, Int32) = (4096, 536)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, socklen_t(MemoryLayout<Int32>.size))
        }
        self.script = script
        listener.accept { [weak self] client in
            guard let self else { return false }
            serve(client)
            return true
        }
    }

    deinit { listener.stop() }

    package var notes: Notes { seen.withLock { $0 } }

    private func serve(_ client: Int32) {
        seen.withLock { $0.connections += 1 }
        Thread { [self] in
            let connection = LoopbackConnection(adopting: client, patience: 60)
            var session = ScriptedSession(connection: connection, pipelining: script.pipelining)
            // A client that went away in the middle is what these tests are about.
            try? session.run(act: next) { event in
                seen.withLock { notes in
                    switch event {
                    case .whole(let recipient): notes.whole.append(recipient)
                    case .accepted(let recipient): notes.accepted.append(recipient)
                    }
                }
            }
        }.start()
    }

    private func next(_ point: Point) -> Act? {
        let time = seen.withLock { notes in
            defer { notes.times[point, default: 0] += 1 }
            return notes.times[point, default: 0]
        }
        return script.act(point, time: time)
    }
}
