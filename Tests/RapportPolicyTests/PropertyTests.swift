import RapportCore
import Testing

@testable import RapportPolicy

@Suite("What holds for every policy")
struct PropertyTests {
    static let seeds = Array(UInt64(1)...250)

    /// Whether a rule with this action objects, asked of each rule by itself.
    private func objects(_ scenario: Scenario, _ action: HitAction, at instant: Timestamp) -> Bool {
        let situation = Situation(scenario.request, scenario.facts, now: instant, policy: scenario.policy)
        return scenario.policy.rules.contains {
            $0.onHit == action && $0.answer(situation, at: instant) != .pass
        }
    }

    @Test("a verdict agrees with looking at every minute", arguments: seeds)
    func everyMinute(seed: UInt64) throws {
        let scenario = try Scenario(seed: seed)
        let verdict = scenario.policy.judge(scenario.request, scenario.facts, scenario.now)
        let expiry = try #require(scenario.request.expiresAt)
        if objects(scenario, .skip, at: scenario.now) {
            guard case .skip(let rule) = verdict else {
                Issue.record("expected a skip, got \(verdict)\n\(scenario.description)")
                return
            }
            #expect(rule != .expired)
            return
        }
        var instant = scenario.now
        while instant < expiry, objects(scenario, .defer, at: instant) { instant = instant.adding(seconds: 60) }
        if instant >= expiry || objects(scenario, .skip, at: instant) {
            #expect(verdict == .skip(rule: .expired), "\(scenario.description)")
        } else if instant == scenario.now {
            #expect(verdict == .send, "\(scenario.description)")
        } else {
            #expect(verdict.until == instant, "\(scenario.description)")
        }
    }

    @Test("what is deferred is sent at its instant, and at none before", arguments: seeds)
    func until(seed: UInt64) throws {
        let scenario = try Scenario(seed: seed)
        let now = scenario.now
        guard let until = scenario.policy.judge(scenario.request, scenario.facts, now).until else { return }
        #expect(scenario.policy.judge(scenario.request, scenario.facts, until) == .send, "\(scenario.description)")
        var random = SeededGenerator(seed: seed)
        let samples = (0..<20).map { _ in
            Timestamp(milliseconds: .random(in: now.milliseconds..<until.milliseconds, using: &random))
        }
        for instant in samples + [now, until.adding(milliseconds: -1)] {
            let verdict = scenario.policy.judge(scenario.request, scenario.facts, instant)
            #expect(verdict != .send, "at \(instant)\n\(scenario.description)")
        }
    }

    @Test("the order of the facts changes nothing", arguments: seeds)
    func order(seed: UInt64) throws {
        let scenario = try Scenario(seed: seed)
        let decision = scenario.policy.evaluate(scenario.request, scenario.facts, now: scenario.now)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            var facts = scenario.facts
            facts.dispatches.shuffle(using: &random)
            facts.consents.shuffle(using: &random)
            facts.responses.shuffle(using: &random)
            #expect(scenario.policy.evaluate(scenario.request, facts, now: scenario.now) == decision)
        }
    }

    @Test("every kind of verdict is among them")
    func spread() throws {
        var seen: [PolicyExpectation.Outcome: Int] = [:]
        for seed in PropertyTests.seeds {
            let scenario = try Scenario(seed: seed)
            seen[scenario.policy.judge(scenario.request, scenario.facts, scenario.now).outcome, default: 0] += 1
        }
        for outcome in PolicyExpectation.Outcome.allCases { #expect(seen[outcome, default: 0] > 25, "\(seen)") }
    }
}
