import RapportCore
import RapportPolicy
import RapportYAML

/// What a yes or a no is about: a topic of the policy and a channel, `*` standing for all of them.
struct ConsentScope: Hashable {
    /// `nil`: all.
    var topic: String?
    /// `nil`: all.
    var channel: Channel?

    /// - Throws: `ScopeError` with the nearest known word.
    init(topic: String, channel: String, policy: ContactPolicy) throws(ScopeError) {
        self.topic = topic == "*" ? nil : try Self.topic(topic, in: policy)
        guard channel != "*" else { return }
        let valid = Channel.outbound.map(\.rawValue)
        guard let known = Channel.outbound.first(where: { $0.rawValue == channel }) else {
            throw ScopeError(kind: "channel", word: channel, valid: valid)
        }
        self.channel = known
    }

    /// - Throws: `ScopeError` with the nearest topic of the policy.
    static func topic(_ word: String, in policy: ContactPolicy) throws(ScopeError) -> String {
        let valid = policy.topics.map(\.name)
        guard valid.contains(word) else { throw ScopeError(kind: "topic", word: word, valid: valid) }
        return word
    }

    /// `offers by sms`, `everything by every channel`
    var description: String {
        "\(topic ?? "everything") by \(channel?.rawValue ?? "every channel")"
    }
}

/// A word that the policy or the hub doesn't know.
struct ScopeError: Error, Hashable, CustomStringConvertible {
    var kind: String
    var word: String
    var valid: [String]

    var description: String {
        let nearest = NearestWord.nearest(to: word, in: valid).map { "; did you mean ‘\($0)’?" }
        return "there is no \(kind) ‘\(PlainText.line(word))’"
            + (nearest ?? ": expected \(valid.joined(separator: ", "))")
    }
}
