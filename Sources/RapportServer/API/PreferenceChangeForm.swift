import HTTPTypes
import RapportChannels
import RapportCore
import RapportHub
import RapportYAML

/// What `PUT /v1/customers/{id}/preferences` is told.
struct PreferenceChangeForm {
    private enum State: String, CaseIterable { case granted, denied }

    var changes: [PreferenceDesk.Change] = []
    /// How the customer said it, such as `paper-form`.
    var method: String
    /// `ip`, `wording`.
    var proof: [String: String] = [:]

    /// - Throws: `Problem` with the place.
    init(_ value: JSONValue, topics: [String]) throws(Problem) {
        let fields = try FieldReader(value, known: ["changes", "pausedUntil", "method", "proof"])
        method = try fields.text("method", limit: 40) ?? "api"
        for (index, item) in (try fields.list("changes", limit: 200) ?? []).enumerated() {
            changes.append(try Self.change(item, place: "\(fields.place(of: "changes"))[\(index)]", topics: topics))
        }
        if fields.has("pausedUntil") { changes.append(.pause(until: try fields.instant("pausedUntil"))) }
        guard !changes.isEmpty else { throw Problem.malformed("$", "expected changes or pausedUntil") }
        if let value = fields.any("proof") {
            let proof = try FieldReader(value, place: fields.place(of: "proof"), known: ["ip", "wording"])
            self.proof["ip"] = try proof.text("ip", limit: 64)
            self.proof["wording"] = try proof.text("wording", limit: 2000)
        }
    }

    /// A confirmation is of an address.
    ///
    /// - Parameter addresses: the customer's.
    /// - Throws: `Problem` for a confirmed grant over a channel that none of them is for.
    func check(addresses: [Address]) throws(Problem) {
        for case .allow(_, let channel, isVouched: true) in changes
        where !addresses.contains(where: { $0.scheme.carries(channel) }) {
            throw Problem(
                .unprocessableContent, "unreachable",
                "there is no address for \(channel.rawValue) that could have been confirmed")
        }
    }

    private static func change(
        _ value: JSONValue, place: String, topics: [String]
    ) throws(Problem) -> PreferenceDesk.Change {
        let fields = try FieldReader(value, place: place, known: ["topic", "channel", "state", "confirmed"])
        let topic = try fields.requiredText("topic", limit: 100)
        guard topic == "*" || topics.contains(topic) else {
            let hint = NearestWord.hint(for: topic, among: topics + ["*"])
            throw Problem.malformed(fields.place(of: "topic"), "unknown topic\(hint)")
        }
        let channel: Channel?
        if try fields.requiredText("channel", limit: 20) == "*" {
            channel = nil
        } else {
            channel = try fields.word("channel", among: Channel.outbound)
        }
        guard let state = try fields.word("state", among: State.allCases) else { throw fields.missing("state") }
        let isConfirmed = try fields.bool("confirmed") ?? false
        guard !isConfirmed || state == .granted else {
            throw Problem.malformed(fields.place(of: "confirmed"), "only what is granted can be confirmed")
        }
        switch state {
        case .denied: return .forbid(topic: topic == "*" ? nil : topic, channel: channel)
        case .granted:
            // Nobody says yes to what they don't know of yet.
            guard topic != "*", let channel else {
                throw Problem.malformed(place, "expected a topic and a channel with granted")
            }
            return .allow(topic: topic, channel: channel, isVouched: isConfirmed)
        }
    }
}
