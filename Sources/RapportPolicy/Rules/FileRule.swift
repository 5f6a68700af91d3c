/// A rule that a policy file can hold: an entry of `rules` whose one key is `word`.
protocol FileRule: PolicyRule {
    /// The key that names it in the file.
    static var word: String { get }
    /// The keys inside it, besides `classes`, `channels` and `topics`.
    static var keys: [String] { get }

    /// `nil` when something in `fields` is wrong; what it is has been reported there.
    init?(_ fields: FieldReader, narrowing: Narrowing)
}

/// Every rule that a file can hold.
enum FileRules {
    static let all: [any FileRule.Type] = [
        OpenCaseRule.self, RespondedRule.self, HoldoutRule.self, DuplicateRule.self, CapRule.self, GapRule.self,
        QuietHoursRule.self, CalendarRule.self,
    ]

    /// The keys by which any rule narrows itself.
    static let narrowingKeys = ["classes", "channels", "topics"]
}
