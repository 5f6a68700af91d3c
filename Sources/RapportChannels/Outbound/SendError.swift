/// Why a message was not taken. The list of codes is closed: each says whether to try again, what to count and what to
/// tell a person.
package struct SendError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Could not reach the other side; nothing was handed over.
        case connection
        /// The other side was too slow to answer before it had the whole message.
        case timeout
        /// Asked to slow down (4.7.x, 429).
        case throttled
        /// Refused for now (4xx of SMTP, 5xx of HTTP).
        case temporary
        /// Our credentials were refused.
        case authentication
        /// The adapter is set up in a way that can't work: no TLS where it is required, a bad URL.
        case configuration
        /// The address does not exist or can't be delivered to: it will be suppressed.
        case badAddress
        /// Refused for good for another reason: content, policy, size of the mailbox.
        case rejected
        case tooLarge
        /// The content can't be sent over this channel.
        case unsupported
        /// The line broke or time ran out after the whole message was handed over: it may have been taken.
        case uncertain
        /// Taken back before anything of it was sent (`OutboundAdapter.withdraw`). Nothing was tried.
        case withdrawn
    }

    package var code: Code
    /// The other side's status: `550 5.1.1`, `HTTP 503`. Holds no addresses and no content.
    package var status: String?
    /// The earliest moment for another try, in seconds from now, when the other side named one.
    package var retryAfterSeconds: Int?

    package init(_ code: Code, status: String? = nil, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Whether the same message may be tried again over the same adapter.
    package var isRetryable: Bool {
        switch code {
        case .connection, .timeout, .throttled, .temporary, .authentication, .configuration, .withdrawn: true
        case .badAddress, .rejected, .tooLarge, .unsupported, .uncertain: false
        }
    }

    /// Whether the fault is ours to mend, so that a person should look.
    package var wantsAttention: Bool {
        switch code {
        case .authentication, .configuration, .unsupported: true
        default: false
        }
    }

    package var description: String {
        let sentence =
            switch code {
            case .connection: "could not be reached"
            case .timeout: "did not answer in time"
            case .throttled: "asked us to slow down"
            case .temporary: "refused it for now"
            case .authentication: "refused our credentials"
            case .configuration: "is configured in a way that can't work"
            case .badAddress: "knows no such address"
            case .rejected: "refused it"
            case .tooLarge: "takes no message of this size"
            case .unsupported: "can't carry this content"
            case .uncertain: "was lost before it confirmed"
            case .withdrawn: "was not asked any more"
            }
        return status.map { "\(sentence) (\($0))" } ?? sentence
    }
}
