import RapportCore

/// An address that must not be used: a suppression of it that is in force and whose reason blocks the class.
struct SuppressedRule: PolicyRule {
    let name = RuleName.suppressed
    let narrowing = Narrowing.everything
    let summary = "no suppression of this address blocks the class"
    /// For each reason, the `MessageClass.bit` of every class that it blocks.
    private let blocked: [Suppression.Reason: UInt8]

    /// What a policy file that says nothing means.
    static let defaults: [Suppression.Reason: [MessageClass]] = [
        .hardBounce: MessageClass.allCases, .invalid: MessageClass.allCases, .stop: MessageClass.allCases,
        .complaint: [.marketing, .service], .manual: MessageClass.allCases,
    ]

    init(blocking: [Suppression.Reason: [MessageClass]]) {
        blocked = blocking.mapValues { $0.reduce(0) { $0 | $1.bit } }
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        situation.facts.suppressions.contains { holds($0, situation, at: now) } ? .objects(until: nil) : .pass
    }

    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        situation.facts.suppressions.filter { holds($0, situation, at: now) }.map(\.id)
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        guard judgement != .pass else { return summary }
        let reasons = situation.facts.suppressions.filter { holds($0, situation, at: now) }.map(\.reason.rawValue)
        return "the address is suppressed: " + Set(reasons).sorted().joined(separator: ", ")
    }

    /// Whether the class with this `MessageClass.bit` does not go to an address that is suppressed for the reason.
    func blocks(_ reason: Suppression.Reason, _ classBit: UInt8) -> Bool {
        (blocked[reason] ?? .max) & classBit != 0
    }

    private func holds(_ suppression: ContactFacts.Suppression, _ situation: Situation, at now: Timestamp) -> Bool {
        guard suppression.at <= now, suppression.until.map({ $0 > now }) ?? true,
            blocks(suppression.reason, situation.classBit)
        else { return false }
        return suppression.address == situation.request.address
    }
}
