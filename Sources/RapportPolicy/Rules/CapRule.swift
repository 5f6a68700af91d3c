import RapportCore

/// `cap: { max: 3, per: 7d, scope: customer }`: not more than so many in a window.
struct CapRule: FileRule {
    static let word = "cap"
    static let keys = ["max", "per", "scope", "onHit"]

    /// The time in which dispatches are counted.
    enum Window: Hashable, Sendable {
        /// The last so many milliseconds: it moves with the instant, and its older edge is outside.
        case rolling(milliseconds: Int64)
        /// The recipient's local day, week or month.
        case calendar(LocalPeriod)
    }

    let name = RuleName.cap
    let narrowing: Narrowing
    let onHit: HitAction
    let summary: String
    private let maximum: Int
    private let window: Window
    private let scope: Scope
    /// What it says of so many dispatches, for the numbers at which most requests pass.
    private let notes: [String]

    /// More than this has a note written each time.
    private static let notesInAdvance = 32

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        let maximum = fields.count("max")
        let window = fields.window("per")
        let scope = fields.word("scope", of: Scope.self)
        guard let onHit = fields.onHit(), let maximum, let window, let scope else { return nil }
        self.maximum = maximum
        self.window = window.window
        self.onHit = onHit
        self.narrowing = narrowing
        self.scope = scope
        let summary = "\(maximum) in \(window.text) per \(scope.rawValue)"
        self.summary = summary
        notes = (0..<Self.notesInAdvance).map { Self.note(summary, counted: $0) }
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        // The history is ordered, so the max-th match is the one whose leaving frees a rolling window.
        var left = maximum
        for dispatch in counted(situation, at: now) {
            left -= 1
            guard left == 0 else { continue }
            return .objects(until: release(from: dispatch.at, situation.clock, at: now))
        }
        return .pass
    }

    func widen(_ lookback: inout Lookback, at now: Timestamp) { lookback[scope].reach(start(at: now)) }

    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        situation.ids(counted(situation, at: now))
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        var number = 0
        for _ in counted(situation, at: now) { number += 1 }
        let note = number < notes.count ? notes[number] : Self.note(summary, counted: number)
        return window.isLocal && situation.isZoneReplaced ? note + situation.zoneRemark : note
    }

    private static func note(_ summary: String, counted number: Int) -> String { "\(summary), \(number) counted" }

    private func release(from dispatch: Timestamp, _ clock: LocalClock, at now: Timestamp) -> Timestamp {
        switch window {
        case .rolling(let milliseconds): dispatch.adding(milliseconds: milliseconds)
        case .calendar(let period):
            Timestamp(
                seconds: clock.firstInstant(
                    outside: period.span(aroundLocal: clock.local(now.seconds)), from: now.seconds))
        }
    }

    /// The dispatches in the window, the latest first.
    private func counted(_ situation: Situation, at now: Timestamp) -> CountedDispatches {
        var counted = CountedDispatches(situation, likeness: scope.likeness, narrowing: narrowing, latest: now)
        counted.after = start(at: now)
        if case .calendar(let period) = window {
            counted.localSpan = period.span(aroundLocal: situation.clock.local(now.seconds))
        }
        return counted
    }

    /// None of those up to then is in the window; of a calendar, whatever the zone.
    private func start(at now: Timestamp) -> Timestamp {
        switch window {
        case .rolling(let milliseconds): now.adding(milliseconds: -milliseconds)
        case .calendar: now.adding(seconds: -40 * 86400)
        }
    }
}

extension CapRule.Window {
    fileprivate var isLocal: Bool {
        if case .calendar = self { true } else { false }
    }
}
