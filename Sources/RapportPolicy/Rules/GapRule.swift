import RapportCore

/// `gap: { min: 4h, scope: customer }`: so much peace after the last one.
struct GapRule: FileRule {
    static let word = "gap"
    static let keys = ["min", "scope", "onHit"]

    let name = RuleName.gap
    let narrowing: Narrowing
    let onHit: HitAction
    let summary: String
    private let minimum: Int64
    private let scope: Scope

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        let minimum = fields.exactSpan("min")
        let scope = fields.word("scope", of: Scope.self)
        guard let onHit = fields.onHit(), let minimum, let scope else { return nil }
        self.minimum = minimum.milliseconds
        self.onHit = onHit
        self.narrowing = narrowing
        self.scope = scope
        summary = "\(minimum.text) after the last one per \(scope.rawValue)"
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        var counted = counted(situation, at: now)
        guard let latest = counted.next() else { return .pass }
        return .objects(until: latest.at.adding(milliseconds: minimum))
    }

    func widen(_ lookback: inout Lookback, at now: Timestamp) { lookback[scope].reach(start(at: now)) }

    /// The latest; more than one when they left at the same instant.
    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        var counted = counted(situation, at: now)
        guard let latest = counted.next() else { return [] }
        return situation.ids([latest] + counted.prefix { $0.at == latest.at })
    }

    private func counted(_ situation: Situation, at now: Timestamp) -> CountedDispatches {
        var counted = CountedDispatches(situation, likeness: scope.likeness, narrowing: narrowing, latest: now)
        counted.after = start(at: now)
        return counted
    }

    private func start(at now: Timestamp) -> Timestamp { now.adding(milliseconds: -minimum) }
}
