import RapportCore

/// `duplicate: { same: content, per: address, within: 90d }`: nobody gets the same thing twice.
///
/// A request without a campaign (or content, or offer) duplicates nothing. `channels` and `topics` narrow the requests
/// it is asked about; which channel the earlier one left through doesn't matter.
struct DuplicateRule: FileRule {
    static let word = "duplicate"
    static let keys = ["same", "per", "within"]

    /// What makes two messages the same.
    enum Sameness: String, Sendable, CaseIterable {
        /// Campaign and occurrence.
        case campaign
        case content
        case offer

        var likeness: DispatchTrace.Likeness {
            switch self {
            case .campaign: .campaign
            case .content: .content
            case .offer: .offer
            }
        }
    }

    /// The two that hold whatever the file says, for every class.
    static let always = [Scope.customer, .address].map { scope in
        DuplicateRule(same: .campaign, per: scope, within: .forever, withinText: "forever", narrowing: .everything)
    }

    let name = RuleName.duplicate
    let narrowing: Narrowing
    let summary: String
    private let likeness: DispatchTrace.Likeness
    private let scope: Scope
    private let within: Span

    private init(same: Sameness, per scope: Scope, within: Span, withinText: String, narrowing: Narrowing) {
        likeness = [same.likeness, scope.likeness]
        self.scope = scope
        self.within = within
        self.narrowing = narrowing
        summary =
            "not the same \(same.rawValue) twice per \(scope.rawValue)"
            + (within == .forever ? "" : " within \(withinText)")
    }

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        let same = fields.word("same", of: Sameness.self)
        let scope = fields.word("per", of: Scope.self)
        guard let within = fields.span("within"), let same, let scope else { return nil }
        self.init(same: same, per: scope, within: within.span, withinText: within.text, narrowing: narrowing)
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        let start = within.start(before: now)
        return situation.dispatches.contains { isSame($0, since: start, at: now) } ? .objects(until: nil) : .pass
    }

    func widen(_ lookback: inout Lookback, at now: Timestamp) { lookback[scope].includesSame = true }

    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        let start = within.start(before: now)
        return situation.ids(situation.dispatches.lazy.filter { isSame($0, since: start, at: now) })
    }

    private func isSame(_ dispatch: DispatchTrace, since start: Timestamp?, at now: Timestamp) -> Bool {
        dispatch.likeness.isSuperset(of: likeness) && dispatch.at <= now && start.map { dispatch.at >= $0 } ?? true
    }
}
