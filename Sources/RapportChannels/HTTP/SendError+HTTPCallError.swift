extension SendError {
    /// What a call that got no answer means for the message in it.
    package init(_ error: HTTPCallError) {
        switch error.code {
        case .refusedURL: self.init(.configuration, status: error.description)
        case .connection, .tls: self.init(.connection, status: error.description)
        case .timeoutBeforeSent: self.init(.timeout, status: error.description)
        case .withdrawn: self.init(.withdrawn)
        // An answer that was cut short or too long to read came after the request was taken in.
        case .lostAfterSent, .answerTooLarge, .cancelled: self.init(.uncertain, status: error.description)
        }
    }
}

extension HTTPAnswer {
    /// The seconds that `Retry-After` asks for (RFC 9110, section 10.2.3), at most a day; `nil` for a date or nothing.
    package var retryAfterSeconds: Int? {
        header("retry-after").flatMap { Int($0) }.map { min(max($0, 0), 86_400) }
    }
}
