import NIOCore

/// Runs tasks on an event loop, behind what it has to do already.
///
/// Only for tasks that never take long between two waits: everybody whose connection lives on the loop waits meanwhile.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
