import NIOCore

/// The time that one connection has for what it waits for.
///
/// Deadlines move with every reply, so the timer is not set anew for each: it runs to the earliest deadline that it was
/// set for and looks then whether there is a later one. Lives on its channel's event loop.
final class SMTPConnectionTimer {
    private let timeouts: SMTPTimeouts
    private let expired: () -> Void
    private var wait: SMTPStateMachine.Wait?
    private var progress = -1
    private var deadline: NIODeadline?
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

    init(timeouts: SMTPTimeouts, expired: @escaping () -> Void) {
        self.timeouts = timeouts
        self.expired = expired
    }

    /// - Parameter progress: time starts anew when it or `wait` changes.
    func set(for wait: SMTPStateMachine.Wait?, progress: Int, on loop: any EventLoop) {
        guard self.wait != wait || self.progress != progress else { return }
        self.wait = wait
        self.progress = progress
        guard let wait else {
            deadline = nil
            return
        }
        let deadline = NIODeadline.now() + .milliseconds(timeouts.milliseconds(for: wait))
        self.deadline = deadline
        if let scheduled, scheduled.at <= deadline { return }
        schedule(at: deadline, on: loop)
    }

    /// One block of a long content has left; the next has as long again.
    func extend() {
        guard let wait, deadline != nil else { return }
        deadline = NIODeadline.now() + .milliseconds(timeouts.milliseconds(for: wait))
    }

    func cancel() {
        scheduled?.task.cancel()
        scheduled = nil
        deadline = nil
    }

    private func schedule(at time: NIODeadline, on loop: any EventLoop) {
        scheduled?.task.cancel()
        let task = loop.assumeIsolated().scheduleTask(deadline: time) { self.fire(on: loop) }
        scheduled = (task, time)
    }

    private func fire(on loop: any EventLoop) {
        scheduled = nil
        guard let deadline else { return }
        if deadline <= NIODeadline.now() {
            self.deadline = nil
            expired()
        } else {
            schedule(at: deadline, on: loop)
        }
    }
}
