import RapportChannels

/// What a receiver's answer says (Standard Webhooks, "Delivery Success, Failures, and Retries").
enum WebhookAnswer {
    /// Returns when the receiver has taken the message.
    static func check(_ answer: HTTPAnswer) throws(SendError) {
        guard !(200..<300).contains(answer.status) else { return }
        let code: SendError.Code =
            switch answer.status {
            case 410: .badAddress
            case 429: .throttled
            case 401, 403, 407: .authentication
            case 413: .tooLarge
            case 408, 425, 500...: .temporary
            default: .rejected
            }
        throw SendError(
            code, status: "HTTP \(answer.status)",
            retryAfterSeconds: code == .throttled || code == .temporary ? answer.retryAfterSeconds : nil)
    }
}
