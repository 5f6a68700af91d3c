/// What the bodies of all requests share.
struct BodyBounds: Sendable {
    let deadlines: BodyDeadlines
    let budget: BodyBudget
}
