package import RapportCore

extension ContactPolicy {
    /// No request waits longer than this for an instant at which nothing objects.
    package static let longestDeferral: Int64 = 90 * 86400

    /// The decision with one finding for every rule, built-in ones included, in the order in which they are asked.
    ///
    /// A rule that defers says in its finding until when it alone objects, going by what is known now; the verdict's
    /// `until` is the earliest instant at which no rule objects.
    package func evaluate(_ request: ContactRequest, _ facts: ContactFacts, now: Timestamp) -> Decision {
        let situation = Situation(request, facts, now: now, policy: self)
        let horizon = now.adding(seconds: ContactPolicy.longestDeferral)
        var findings: [Finding] = []
        findings.reserveCapacity(rules.count + 1)
        var objections = Objections()
        for rule in rules {
            let finding = rule.finding(situation, at: now, horizon: horizon)
            if finding.opinion != .pass { objections.note(finding.rule, rule.onHit) }
            findings.append(finding)
        }
        let verdict = verdict(objections, situation, now: now)
        findings.append(expiryFinding(verdict, request, now: now))
        return Decision(verdict: verdict, findings: findings, policyVersion: version)
    }

    /// The verdict of `evaluate` alone, for when nobody asks why.
    package func verdict(_ request: ContactRequest, _ facts: ContactFacts, now: Timestamp) -> Verdict {
        let situation = Situation(request, facts, now: now, policy: self)
        var objections = Objections()
        for rule in rules where rule.answer(situation, at: now) != .pass {
            objections.note(rule.name, rule.onHit)
            if rule.onHit == .skip { break }
        }
        return verdict(objections, situation, now: now)
    }

    /// The first rule that says skip and the first that defers.
    private struct Objections {
        var skip: RuleName?
        var `defer`: RuleName?

        mutating func note(_ rule: RuleName, _ action: HitAction) {
            switch action {
            case .skip: skip = skip ?? rule
            case .defer: `defer` = `defer` ?? rule
            }
        }
    }

    private func verdict(_ objections: Objections, _ situation: Situation, now: Timestamp) -> Verdict {
        if let rule = objections.skip { return .skip(rule: rule) }
        if let expiry = situation.request.expiresAt, now >= expiry { return .skip(rule: .expired) }
        guard let rule = objections.defer else { return .send }
        guard let until = firstFreeInstant(situation, from: now) else { return .skip(rule: .expired) }
        return .defer(until: until, rule: rule)
    }

    /// The instant to defer to: the earliest from `now` on at which no rule defers. `nil` when a rule would skip the
    /// request there, or when it has to wait until its expiry or for more than ninety days.
    ///
    /// A request whose turn would come while a rule skips is dropped; it is not carried on to when that rule lets go. The
    /// words of the policy's description (the earliest instant at which no rule would skip or defer) ask for the latter;
    /// two of its conformance cases (`mixed.json`, random 51 and 61) ask for the former, and it is the strict one.
    ///
    /// Each rule that defers names an instant before which it won't stop, so going from one such instant to the next
    /// passes over nothing.
    private func firstFreeInstant(_ situation: Situation, from now: Timestamp) -> Timestamp? {
        let last = now.adding(seconds: ContactPolicy.longestDeferral)
        let expiry = situation.request.expiresAt
        var instant = now
        var isFree = false
        while !isFree {
            isFree = true
            for rule in rules where rule.onHit == .defer {
                guard case .objects(let until) = rule.answer(situation, at: instant) else { continue }
                guard let until, until <= last, expiry.map({ until < $0 }) ?? true else { return nil }
                instant = max(until, instant.adding(milliseconds: 1))
                isFree = false
            }
        }
        let isSkipped = rules.contains { $0.onHit == .skip && $0.answer(situation, at: instant) != .pass }
        return isSkipped ? nil : instant
    }

    private func expiryFinding(_ verdict: Verdict, _ request: ContactRequest, now: Timestamp) -> Finding {
        if let expiry = request.expiresAt, now >= expiry {
            return Finding(rule: .expired, opinion: .skip, note: "the request has expired")
        }
        guard verdict == .skip(rule: .expired) else {
            return Finding(rule: .expired, opinion: .pass, note: "the request can still be sent in time")
        }
        return Finding(
            rule: .expired, opinion: .skip,
            note: "its turn would come after it expires, in over 90 days, or while a rule skips it")
    }
}
