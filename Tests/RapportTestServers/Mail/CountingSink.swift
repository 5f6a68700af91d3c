import Foundation
import Glibc
import Synchronization

/// An SMTP server inside the test that writes down who got what: fast, and still there when the hub that talks to it is
/// killed.
///
/// A recipient is noted before its `250` leaves, and so is a mail before the `250` that follows its final dot: what a
/// client may believe to be accepted is always in the notes. What a client that died had sent before is read to the end,
/// as a real server would, and counts like any other mail.
package final class CountingSink: Sendable {
    /// What it has seen, each list in order of arrival.
    package struct Notes: Sendable {
        /// The recipient of every `RCPT` that was taken.
        package var recipients: [String] = []
        /// The recipients of every mail that came whole.
        package var mails: [String] = []
    }

    package var port: Int { listener.port }
    /// Rings when so many mails have come whole, before the last of them is answered.
    package let alarm = CountAlarm()
    private let listener: LoopbackListener
    private let notes = Mutex(Notes())
    private let refusal: @Sendable (_ recipient: String) -> String?

    /// Listens on a free port until `stop` or the last reference goes.
    ///
    /// - Parameter refusal: the reply to a `RCPT` that is not taken, such as `550 5.1.1 No such mailbox`; `nil` takes it.
    package init(refusing refusal: @escaping @Sendable (_ recipient: String) -> String? = { _ in nil }) throws {
        listener = try LoopbackListener()
        self.refusal = refusal
        listener.accept { [weak self] client in
            guard let self else { return false }
            serve(client)
            return true
        }
    }

    deinit { stop() }

    /// Stops accepting.
    package func stop() { listener.stop() }

    package var seen: Notes { notes.withLock { $0 } }

    /// How many mails came whole so far.
    package var count: Int { notes.withLock { $0.mails.count } }

    private func take(_ recipients: [String]) {
        let count = notes.withLock {
            $0.mails += recipients
            return $0.mails.count
        }
        alarm.reached(count)
    }

    private func serve(_ client: Int32) {
        Thread { [weak self, refusal] in
            var session = CountingSession(descriptor: client)
            session.run { event in
                switch event {
                case .recipient(let address):
                    if let refusal = refusal(address) { return refusal }
                    self?.notes.withLock { $0.recipients.append(address) }
                case .mail(let recipients):
                    self?.take(recipients)
                }
                return nil
            }
            close(client)
        }.start()
    }
}
