import CCurl
import Glibc
package import RapportChannels
import Synchronization

/// The HTTP client of all adapters: libcurl's multi interface on one thread of its own.
///
/// - Speaks HTTP/1.1, with TLS checked, and keeps connections; takes no proxy, cookie or password from its surroundings.
/// - Connects only to public addresses, judged after name resolution, unless the call allows others.
/// - Never writes a request twice that may have been acted upon, whatever its method, be it on a kept connection that
///   turned out dead.
package final class HTTPClient: HTTPCalling {
    private let settings: HTTPClientSettings
    private let inbox: CallInbox
    private let thread: Mutex<pthread_t?>

    /// - Throws: `.connection` when this machine gives no thread or no memory for one.
    package init(settings: HTTPClientSettings = HTTPClientSettings()) throws(HTTPCallError) {
        guard Self.isLibraryReady, let multi = curl_multi_init() else { throw HTTPCallError(.connection) }
        self.settings = settings
        inbox = CallInbox(waking: multi, limit: settings.outstandingCalls)
        guard let started = TransferThread.start(multi: multi, inbox: inbox, settings: settings) else {
            curl_multi_cleanup(multi)
            throw HTTPCallError(.connection)
        }
        thread = Mutex(started)
    }

    deinit {
        // Without `shutdown()` the thread ends by itself, and nobody waits for it.
        inbox.stop()
        thread.withLock { if let thread = $0.take() { pthread_detach(thread) } }
    }

    /// Ends every call with `.cancelled`, closes the connections and joins the thread. May be called repeatedly; calls
    /// made afterwards end with `.cancelled` too.
    package func shutdown() async {
        inbox.stop()
        await inbox.ended()
        // The thread has nothing left to do but to return.
        thread.withLock { if let thread = $0.take() { pthread_join(thread, nil) } }
    }

    package func withdraw() { inbox.withdraw() }

    /// Makes one request.
    ///
    /// - Throws: `.refusedURL` also for a method, a header field or a size that must not be sent; `.connection` also
    ///   when too many calls are outstanding.
    package func call(_ request: HTTPCall) async throws(HTTPCallError) -> HTTPAnswer {
        var checked = try CheckedRequest(request, settings: settings)
        for hop in 0... {
            let reply = try await inbox.call(checked).get()
            guard hop < settings.redirectLimit, let next = try checked.following(reply, settings: settings) else {
                return reply.answer
            }
            checked = next
        }
        throw HTTPCallError(.cancelled)
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}
