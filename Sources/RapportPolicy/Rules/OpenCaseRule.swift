import RapportCore

/// `openCase: { kinds: [complaint] }`: nothing is sent while the customer waits for us.
struct OpenCaseRule: FileRule {
    static let word = "openCase"
    static let keys = ["kinds"]

    let name = RuleName.openCase
    let narrowing: Narrowing
    let summary: String
    private let kinds: Set<String>

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        guard let kinds = fields.list("kinds", { fields.text($0, $1, "the kind of a case, such as complaint") }) else {
            return nil
        }
        self.kinds = Set(kinds)
        self.narrowing = narrowing
        summary = "no open " + self.kinds.sorted().joined(separator: "/")
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        situation.facts.openCases.contains { holds($0, at: now) } ? .objects(until: nil) : .pass
    }

    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        situation.facts.openCases.filter { holds($0, at: now) }.map(\.id)
    }

    private func holds(_ openCase: ContactFacts.OpenCase, at now: Timestamp) -> Bool {
        openCase.openedAt <= now && kinds.contains(openCase.kind)
    }
}
