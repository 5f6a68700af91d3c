/// The contact policy's answer.
package enum Verdict: Hashable, Sendable {
    case send
    /// Not before `until`, the earliest instant at which nothing objects; `rule` is the first that objects now.
    case `defer`(until: Timestamp, rule: RuleName)
    case skip(rule: RuleName)
}

/// The rules, in the order in which they are asked.
package enum RuleName: String, Sendable, Codable, CaseIterable, Hashable, Comparable {
    case erased
    case suppressed
    case consent
    case paused
    case openCase = "open-case"
    case responded
    case holdout
    case duplicate
    case cap
    case gap
    case quietHours = "quiet-hours"
    case calendar
    case expired

    package static func < (lhs: RuleName, rhs: RuleName) -> Bool { lhs.order < rhs.order }

    private var order: Int { RuleName.allCases.firstIndex(of: self) ?? 0 }
}

/// What one rule says of a request, and which entries made it say so.
package struct Finding: Hashable, Sendable {
    package enum Opinion: Hashable, Sendable {
        case pass
        case `defer`(until: Timestamp)
        case skip
    }

    package var rule: RuleName
    package var opinion: Opinion
    /// Ids of the consent entries, suppressions, dispatches, cases or responses that decided it, sorted.
    package var evidence: [String]
    /// The rule in words, with its numbers: `3 in 7d, 3 counted`. Holds no personal data.
    package var note: String

    package init(rule: RuleName, opinion: Opinion, evidence: [String] = [], note: String = "") {
        self.rule = rule
        self.opinion = opinion
        self.evidence = evidence
        self.note = note
    }
}

/// A verdict with one finding for every rule of the policy, so that an explanation is complete.
package struct Decision: Hashable, Sendable {
    package var verdict: Verdict
    package var findings: [Finding]
    /// The hash of the policy file that decided.
    package var policyVersion: String

    package init(verdict: Verdict, findings: [Finding], policyVersion: String) {
        self.verdict = verdict
        self.findings = findings
        self.policyVersion = policyVersion
    }

    /// The evidence of the finding that decided; empty for `send`.
    package var evidence: [String] {
        switch verdict {
        case .send: []
        case .skip(let rule): findings.first { $0.rule == rule && $0.opinion == .skip }?.evidence ?? []
        case .defer(_, let rule): findings.first { $0.rule == rule && $0.opinion.isDeferral }?.evidence ?? []
        }
    }
}

extension Finding.Opinion {
    fileprivate var isDeferral: Bool {
        if case .defer = self { true } else { false }
    }
}
