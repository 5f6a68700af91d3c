package import RapportCore

/// A decision told in full: what was decided, by which rule, and what every other rule said. The fields are stable.
package struct PolicyExplanation: Hashable, Sendable, Codable {
    package struct Step: Hashable, Sendable, Codable {
        package var rule: RuleName
        /// `pass`, `defer` or `skip`.
        package var opinion: String
        /// Until when this rule alone objects, when it defers.
        package var until: Timestamp?
        package var evidence: [String]
        package var note: String
    }

    /// `send`, `defer` or `skip`.
    package var verdict: String
    package var rule: RuleName?
    package var until: Timestamp?
    package var evidence: [String]
    package var now: Timestamp
    package var policyVersion: String
    /// One for each rule, in the order in which they are asked.
    package var findings: [Step]

    package init(_ decision: Decision, now: Timestamp) {
        verdict = decision.verdict.outcome.rawValue
        rule = decision.verdict.rule
        until = decision.verdict.until
        evidence = decision.decidingFinding?.evidence ?? []
        self.now = now
        policyVersion = decision.policyVersion
        findings = decision.findings.map(Step.init)
    }
}

extension PolicyExplanation.Step {
    fileprivate init(_ finding: Finding) {
        rule = finding.rule
        evidence = finding.evidence
        note = finding.note
        switch finding.opinion {
        case .pass: opinion = "pass"
        case .skip: opinion = "skip"
        case .defer(let end):
            opinion = "defer"
            until = end
        }
    }
}

extension PolicyExplanation {
    /// For people: the verdict, then a line for each rule. Ends in a line feed.
    package var text: String {
        var head = "\(verdict)"
        if let until { head += " until \(until)" }
        if let rule { head += " (\(rule.rawValue))" }
        if !evidence.isEmpty { head += " because of " + evidence.joined(separator: ", ") }
        let width = findings.map { $0.rule.rawValue.count }.max() ?? 0
        let lines = findings.map { step in
            var line = "  " + PolicyExplanation.padded(step.rule.rawValue, to: width)
            line += "  " + PolicyExplanation.padded(step.opinion, to: 5) + "  " + step.note
            if let until = step.until { line += "; until \(until)" }
            if !step.evidence.isEmpty { line += " [" + step.evidence.joined(separator: ", ") + "]" }
            return line
        }
        return ([head, "at \(now), policy \(policyVersion)"] + lines).map { $0 + "\n" }.joined()
    }

    /// For programs: one line, always with the same order of keys.
    package var json: String { JSONText.line(self) }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
