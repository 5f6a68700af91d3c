import RapportCore

/// An erased customer gets nothing, whatever the class.
struct ErasedRule: PolicyRule {
    let name = RuleName.erased
    let narrowing = Narrowing.everything
    let summary = "the customer was not erased"

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        situation.facts.customer.erased ? .objects(until: nil) : .pass
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        judgement == .pass ? summary : "the customer was erased"
    }
}
