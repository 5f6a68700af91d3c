/// What a report or notice says of one recipient.
struct DeliveryNotice: Hashable {
    enum Action: String {
        case failed
        case delayed
        case delivered
        /// Passed to a system that reports no more.
        case relayed
        /// Delivered to a list, and on to its members.
        case expanded
    }

    /// The final recipient, as written.
    var recipient: String
    /// Whom we addressed, when that is another.
    var original: String?
    var action: Action?
    var code: String?
    var diagnostic: String?
    /// The token-bearing name of the message, when the notice itself gives one (`X-Original-Message-ID`).
    var addressIsBad: Bool {
        action == .failed && FailureCodes.addressIsBad(code: code, words: diagnostic ?? "")
    }
}
