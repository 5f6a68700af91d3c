import RapportChannels

/// What smsbox answers to `sendsms`, as observed of 1.4.5.
///
/// One status stands for several things there, so the fixed beginnings of its sentences decide where they have to.
enum KannelAnswer {
    static func receipt(for answer: HTTPAnswer) throws(SendError) -> Receipt {
        let sentence = String(decoding: answer.body.prefix(200), as: UTF8.self)
        switch answer.status {
        case 200..<300:
            // smsbox begins with `0:`, `3:` or, before 1.4, `Sent.`. What a gateway that only looks like it means by
            // other words is anybody's guess.
            guard let detail = accepted.first(where: { sentence.hasPrefix($0.beginning) })?.detail else {
                throw SendError(.uncertain, status: "HTTP \(answer.status)")
            }
            return Receipt(detail: detail)
        default:
            let code = code(status: answer.status, sentence: sentence)
            throw SendError(
                code, status: "HTTP \(answer.status)",
                retryAfterSeconds: code == .throttled || code == .temporary ? answer.retryAfterSeconds : nil)
        }
    }

    private static let accepted: [(beginning: String, detail: String)] = [
        ("0:", "0: Accepted for delivery"), ("3:", "3: Queued for later delivery"), ("Sent.", "Sent."),
    ]

    private static let sentences: [(beginning: String, code: SendError.Code)] = [
        ("Authorization failed", .authentication),
        ("Sender missing", .configuration),
        ("Invalid content-type", .configuration),
        ("Unsupported content-type", .configuration),
        ("Not routable", .rejected),
        ("Temporal failure", .temporary),
    ]

    private static func code(status: Int, sentence: String) -> SendError.Code {
        if let known = sentences.first(where: { sentence.hasPrefix($0.beginning) }) { return known.code }
        switch status {
        case 401, 403, 407: return .authentication
        case 404, 405: return .configuration
        case 413: return .tooLarge
        case 429: return .throttled
        case 408, 500...: return .temporary
        case 300..<400: return .configuration
        default: return .rejected
        }
    }
}
