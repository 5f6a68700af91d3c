package import RapportCore

/// One set of facts, one request, and what the policy is expected to say at one instant or several.
package struct PolicyCase: Hashable, Sendable {
    package struct Moment: Hashable, Sendable {
        package var now: Timestamp
        package var expect: PolicyExpectation
    }

    package var name: String
    package var facts: ContactFacts
    package var request: ContactRequest
    /// At least one.
    package var moments: [Moment]
}

/// What a decision has to be like. What is `nil` is not looked at.
package struct PolicyExpectation: Hashable, Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case send
        case `defer`
        case skip
    }

    package var verdict: Outcome
    package var rule: RuleName?
    package var until: Timestamp?
    /// Sorted; all of the deciding finding's evidence.
    package var evidence: [String]?

    /// What of `decision` is otherwise, a sentence each; empty when it is as expected.
    package func differences(from decision: Decision) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ expected: String, _ found: String) {
            if expected != found { differences.append("expected \(what) \(expected), got \(found)") }
        }
        compare("verdict", verdict.rawValue, decision.verdict.outcome.rawValue)
        if let rule { compare("rule", rule.rawValue, decision.verdict.rule?.rawValue ?? "none") }
        if let until { compare("until", until.rfc3339, decision.verdict.until?.rfc3339 ?? "none") }
        if let evidence {
            let found = decision.decidingFinding?.evidence ?? []
            compare("evidence", "[\(evidence.joined(separator: ", "))]", "[\(found.joined(separator: ", "))]")
        }
        return differences
    }
}

extension Verdict {
    package var outcome: PolicyExpectation.Outcome {
        switch self {
        case .send: .send
        case .defer: .defer
        case .skip: .skip
        }
    }

    /// `nil` for `send`.
    package var rule: RuleName? {
        switch self {
        case .send: nil
        case .defer(_, let rule), .skip(let rule): rule
        }
    }

    /// `nil` but for `defer`.
    package var until: Timestamp? {
        if case .defer(let until, _) = self { until } else { nil }
    }
}

extension Decision {
    /// The finding that the verdict goes by; `nil` for `send`.
    ///
    /// When one `cap` defers and a later one skips, the verdict is the second one's.
    package var decidingFinding: Finding? {
        switch verdict {
        case .send: nil
        case .skip(let rule): findings.first { $0.rule == rule && $0.opinion == .skip }
        case .defer(_, let rule): findings.first { $0.rule == rule && $0.opinion != .pass }
        }
    }
}
