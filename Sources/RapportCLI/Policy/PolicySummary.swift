import RapportCore
import RapportPolicy

/// What a policy file holds, in short.
enum PolicySummary {
    /// The rules by name, in the order in which they are asked; a rule that stands in the file twice is here twice.
    ///
    /// Every decision has a finding for every rule, so any question at all shows them.
    static func rules(of policy: ContactPolicy) -> [String] {
        guard let nobody = Address(normalized: "id:rapport/nobody") else { return [] }
        let request = ContactRequest(
            messageClass: .marketing, topic: policy.topics.first?.name ?? "", channel: .email, address: nobody)
        let facts = ContactFacts(customer: .init(id: "c0"))
        return policy.evaluate(request, facts, now: Timestamp(milliseconds: 0)).findings.map(\.rule.rawValue)
    }

    static func fields(_ topic: Topic) -> JSONField {
        .object([
            ("topic", .text(topic.name)), ("title", .text(topic.title)), ("consent", .text(topic.consent.rawValue)),
            ("doubleOptIn", JSONField(topic.doubleOptIn.map(\.rawValue).sorted())),
            ("expireAfter", JSONField(topic.expireAfter.map(text))),
        ])
    }

    static func fields(_ problem: PolicyFileError.Problem) -> JSONField {
        .object([
            ("line", .number(problem.line)), ("column", .number(problem.column)), ("path", .text(problem.path)),
            ("message", .text(problem.message)), ("nearest", JSONField(problem.nearest)),
        ])
    }

    /// As a policy file writes it.
    static func text(_ span: Span) -> String {
        switch span {
        case .forever: return "forever"
        case .months(let months): return months % 12 == 0 ? "\(months / 12)y" : "\(months)mo"
        case .exact(let milliseconds):
            let seconds = milliseconds / 1000
            for (unit, length) in [("d", 86400), ("h", 3600), ("m", 60)] as [(String, Int64)]
            where seconds % length == 0 {
                return "\(seconds / length)\(unit)"
            }
            return "\(seconds)s"
        }
    }
}
