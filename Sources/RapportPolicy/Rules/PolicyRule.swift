import RapportCore

/// One rule of a compiled policy: it looks at a situation and an instant, and says whether it objects.
///
/// Rules are pure: they read no clock and no store, and facts dated after the instant are as if they weren't there.
protocol PolicyRule: Sendable {
    var name: RuleName { get }
    /// Which requests it is asked about.
    var narrowing: Narrowing { get }
    /// What becomes of a request that it objects to.
    var onHit: HitAction { get }
    /// The rule in words, with its numbers. Holds no personal data.
    var summary: String { get }

    /// Only called when `narrowing` includes the request.
    func judge(_ situation: Situation, at now: Timestamp) -> Judgement
    /// The ids of the facts that make it object, in any order; only called when it does.
    func evidence(_ situation: Situation, at now: Timestamp) -> [String]
    /// Widens what has to be read of the past by what it looks at when it judges at `now` or later.
    func widen(_ lookback: inout Lookback, at now: Timestamp)
    /// `summary` with what was found, such as how many dispatches counted.
    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String
}

/// A rule's answer at one instant.
enum Judgement: Hashable, Sendable {
    case pass
    /// A rule that defers does so at least from the instant judged to just before `until`, which is later; whether it
    /// passes at `until` has to be asked again. `nil` when no instant within ninety days is near, and for a rule that
    /// only skips.
    case objects(until: Timestamp?)
}

/// What a rule does to a request that it objects to.
enum HitAction: String, Sendable, CaseIterable {
    case `defer`
    case skip
}

extension PolicyRule {
    var onHit: HitAction { .skip }

    func evidence(_ situation: Situation, at now: Timestamp) -> [String] { [] }

    func widen(_ lookback: inout Lookback, at now: Timestamp) {}

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String { summary }

    /// The judgement, with the question whether the rule is asked at all answered first.
    func answer(_ situation: Situation, at now: Timestamp) -> Judgement {
        narrowing.includes(situation) ? judge(situation, at: now) : .pass
    }

    func finding(_ situation: Situation, at now: Timestamp, horizon: Timestamp) -> Finding {
        guard narrowing.includes(situation) else {
            return Finding(rule: name, opinion: .pass, note: narrowing.exclusion)
        }
        let judgement = judge(situation, at: now)
        let note = note(situation, at: now, judgement)
        guard case .objects(let until) = judgement else { return Finding(rule: name, opinion: .pass, note: note) }
        let opinion: Finding.Opinion =
            switch onHit {
            case .skip: .skip
            case .defer: .defer(until: until ?? horizon)
            }
        return Finding(rule: name, opinion: opinion, evidence: evidence(situation, at: now).sorted(), note: note)
    }
}
