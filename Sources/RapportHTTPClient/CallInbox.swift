import CCurl
import RapportChannels
import Synchronization

/// Where callers leave their calls, and take them back, for the one thread that makes them.
final class CallInbox: Sendable {
    typealias Reply = Result<TransferReply, HTTPCallError>

    /// A call as it was left, to be ended exactly once.
    struct Arrival: Sendable {
        let id: UInt64
        let request: CheckedRequest
        /// When it has waited for its turn too long.
        let deadline: ContinuousClock.Instant
        let end: CheckedContinuation<Reply, Never>
    }

    /// What the thread finds when it looks.
    struct Content: Sendable {
        var arrivals: [Arrival]
        var cancelled: [UInt64]
        var isWithdrawing: Bool
        var isStopping: Bool
    }

    /// libcurl lets only `curl_multi_wakeup` be called from other threads. It is, under the inbox's lock, under which
    /// the handle is also taken away before it is destroyed; that is why it may cross threads.
    private struct Handle: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
    }

    private struct State {
        var handle: Handle?
        var arrivals: [Arrival] = []
        var cancelled: [UInt64] = []
        var outstanding = 0
        var isWithdrawing = false
        var isStopping = false
        var hasEnded = false
        var awaitingEnd: [CheckedContinuation<Void, Never>] = []

        func wake() {
            if let handle { curl_multi_wakeup(handle.multi) }
        }
    }

    private let state: Mutex<State>
    private let limit: Int
    private let lastID = Atomic<UInt64>(0)

    init(waking multi: UnsafeMutableRawPointer, limit: Int) {
        state = Mutex(State(handle: Handle(multi: multi)))
        self.limit = limit
    }

    // MARK: For callers

    /// Leaves a call and waits for its end. When the task is cancelled, the call ends with `.cancelled`.
    func call(_ request: CheckedRequest) async -> Reply {
        let deadline = ContinuousClock.Instant.now + .milliseconds(request.timeoutMilliseconds)
        let id = lastID.add(1, ordering: .relaxed).newValue
        let isCancelled = CancellationMark()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { end in
                leave(Arrival(id: id, request: request, deadline: deadline, end: end), unless: isCancelled)
            }
        } onCancel: {
            state.withLock {
                isCancelled.value.store(true, ordering: .relaxed)
                $0.cancelled.append(id)
                $0.wake()
            }
        }
    }

    /// Asks the thread to end the revocable calls that have not begun.
    func withdraw() {
        state.withLock {
            $0.isWithdrawing = true
            $0.wake()
        }
    }

    /// Asks the thread to end; calls under way, waiting or yet to come end with `.cancelled`. May be asked repeatedly.
    func stop() {
        state.withLock {
            $0.isStopping = true
            $0.wake()
        }
    }

    /// Waits until the thread has ended every call.
    func ended() async {
        await withCheckedContinuation { (end: CheckedContinuation<Void, Never>) in
            let hasEnded = state.withLock {
                if !$0.hasEnded { $0.awaitingEnd.append(end) }
                return $0.hasEnded
            }
            if hasEnded { end.resume() }
        }
    }

    /// Set under the inbox's lock, so that a cancellation is seen either here or by the thread.
    private final class CancellationMark: Sendable {
        let value = Atomic<Bool>(false)
    }

    private func leave(_ arrival: Arrival, unless isCancelled: CancellationMark) {
        let refusal: HTTPCallError.Code? = state.withLock {
            if $0.isStopping || isCancelled.value.load(ordering: .relaxed) { return .cancelled }
            if $0.isWithdrawing, arrival.request.call.isRevocable { return .withdrawn }
            if $0.outstanding >= limit { return .connection }
            $0.outstanding += 1
            $0.arrivals.append(arrival)
            $0.wake()
            return nil
        }
        if let refusal { arrival.end.resume(returning: .failure(HTTPCallError(refusal))) }
    }

    // MARK: For the thread

    func take() -> Content {
        state.withLock { state in
            defer {
                state.arrivals = []
                state.cancelled = []
            }
            return Content(
                arrivals: state.arrivals, cancelled: state.cancelled, isWithdrawing: state.isWithdrawing,
                isStopping: state.isStopping)
        }
    }

    /// One call has ended and makes room for another.
    func settle() {
        state.withLock { $0.outstanding -= 1 }
    }

    /// After this the handle is not touched any more.
    func forgetHandle() {
        state.withLock { $0.handle = nil }
    }

    func announceEnd() {
        let awaiting = state.withLock { state in
            state.hasEnded = true
            defer { state.awaitingEnd = [] }
            return state.awaitingEnd
        }
        for end in awaiting { end.resume() }
    }
}
