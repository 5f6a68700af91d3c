import CCurl
import Glibc
import RapportChannels

/// The thread that owns libcurl: every transfer begins, moves and ends on it, and nothing of libcurl is shared.
final class TransferThread {
    private struct Call {
        let arrival: CallInbox.Arrival
        var transfer: Transfer?
    }

    private let multi: UnsafeMutableRawPointer
    private let inbox: CallInbox
    private let settings: HTTPClientSettings
    private var queue: CallQueue
    private var calls: [UInt64: Call] = [:]
    /// Calls that the queue let go and that are yet to be started.
    private var startable: [UInt64] = []

    private init(multi: UnsafeMutableRawPointer, inbox: CallInbox, settings: HTTPClientSettings) {
        self.multi = multi
        self.inbox = inbox
        self.settings = settings
        queue = CallQueue(limit: settings.concurrency, limitPerOrigin: settings.concurrencyPerOrigin)
        _ = rapport_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.concurrency)
        _ = rapport_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// Starts a thread, which owns `multi` from here on; `nil`, and `multi` is still the caller's, when there is none.
    static func start(
        multi: UnsafeMutableRawPointer, inbox: CallInbox, settings: HTTPClientSettings
    ) -> pthread_t? {
        let context = Unmanaged.passRetained(TransferThread(multi: multi, inbox: inbox, settings: settings))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<TransferThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            return nil
        }
        return thread
    }

    private func run() {
        Self.leaveSignalsToOthers()
        while true {
            let content = inbox.take()
            for arrival in content.arrivals { admit(arrival) }
            for id in content.cancelled { end(id, with: .failure(HTTPCallError(.cancelled))) }
            if content.isStopping { break }
            if content.isWithdrawing { withdraw() }
            for id in queue.expire(at: .now) { end(id, with: .failure(HTTPCallError(.timeoutBeforeSent))) }
            startWhatMayStart()
            move()
            // A transfer that ended may have let another go, which must not wait for the next event.
            if startable.isEmpty { curl_multi_poll(multi, nil, 0, pause, nil) }
        }
        for id in calls.keys { end(id, with: .failure(HTTPCallError(.cancelled))) }
        inbox.forgetHandle()
        curl_multi_cleanup(multi)
        inbox.announceEnd()
    }

    /// Signals are for the main thread. SIGPIPE must be blocked because OpenSSL writes without MSG_NOSIGNAL and, told
    /// to leave signals alone, libcurl does not ignore it. Signals of a crash can't be left to another thread.
    private static func leaveSignalsToOthers() {
        var signals = sigset_t()
        sigfillset(&signals)
        for crash in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, crash) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func admit(_ arrival: CallInbox.Arrival) {
        calls[arrival.id] = Call(arrival: arrival)
        startable += queue.add(arrival.id, origin: arrival.request.origin, deadline: arrival.deadline)
    }

    private func withdraw() {
        for (id, call) in calls where call.transfer == nil && call.arrival.request.call.isRevocable {
            end(id, with: .failure(HTTPCallError(.withdrawn)))
        }
    }

    private func startWhatMayStart() {
        while let id = startable.popLast() {
            guard let call = calls[id] else { continue }
            let transfer = Transfer(id: id, request: call.arrival.request, settings: settings)
            guard let transfer, curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
                end(id, with: .failure(HTTPCallError(.connection)))
                continue
            }
            calls[id]?.transfer = transfer
        }
    }

    private func move() {
        var running: Int32 = 0
        let status = curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE,
                let transfer = Transfer.at(rapport_curl_get_private(message.pointee.easy_handle))
            else { continue }
            end(transfer.id, with: transfer.reply(rapport_curl_message_result(message)))
        }
        // Out of memory, or a bug: nothing under way can be trusted to move again.
        guard status != CURLM_OK else { return }
        for (id, call) in calls {
            if let transfer = call.transfer { end(id, with: transfer.reply(CURLE_OUT_OF_MEMORY)) }
        }
    }

    /// The handle of an ended transfer goes back before its caller goes on.
    private func end(_ id: UInt64, with reply: CallInbox.Reply) {
        guard let call = calls.removeValue(forKey: id) else { return }
        if let transfer = call.transfer { curl_multi_remove_handle(multi, transfer.easy) }
        startable += queue.remove(id)
        inbox.settle()
        call.arrival.end.resume(returning: reply)
    }

    /// How long there is nothing to do unless something happens; libcurl's own timers cut it short.
    private var pause: Int32 {
        guard let deadline = queue.nextDeadline else { return 60_000 }
        return Int32(clamping: max(Self.milliseconds(until: deadline), 1))
    }

    private static func milliseconds(until instant: ContinuousClock.Instant) -> Int {
        let left = ContinuousClock.Instant.now.duration(to: instant).components
        return Int(left.seconds) * 1000 + Int(left.attoseconds / 1_000_000_000_000_000)
    }
}
