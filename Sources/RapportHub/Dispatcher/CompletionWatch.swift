/// When to look for campaigns that have come to their end: at once where nothing is in the air, and beside other campaigns,
/// which may be sent for hours, once a second at most, because a look takes a turn on the writing connection.
struct CompletionWatch: Sendable {
    private static let pause = Duration.seconds(1)

    private var last: ContinuousClock.Instant?
    private var isOwed = false

    /// Something has happened that may have ended a campaign.
    mutating func note() {
        isOwed = true
    }

    /// Whether to look now.
    mutating func takes(isIdle: Bool, at now: ContinuousClock.Instant) -> Bool {
        guard isOwed, isIdle || last.map({ now - $0 >= Self.pause }) ?? true else { return false }
        isOwed = false
        last = now
        return true
    }
}
