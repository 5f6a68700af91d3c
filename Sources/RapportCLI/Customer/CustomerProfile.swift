import RapportApp
import RapportCore
import RapportHub
import RapportLog

/// Everything that `rapport customer show` shows of one customer.
struct CustomerProfile: Sendable {
    var at: Timestamp
    /// With the pause and the quiet hours that hold, of whoever was merged into them too.
    var customer: Customer
    /// Ids that were merged into this one.
    var aliases: [CustomerID]
    /// `nil` for somebody who is erased, and when the contact policy can't be read.
    var preferences: PreferenceDesk.Page?
    var suppressions: [Suppression]
    var openFollowUps: Int
    /// Messages by state, counted up to `countLimit`.
    var messages: [DispatchState: Int]
    /// Rows of the timeline, counted up to `countLimit`.
    var interactions: Int
    var lastContact: Timestamp?

    /// Nobody counts further than this for a profile.
    static let countLimit = 1000

    static func read(_ customer: Customer, hub: HubContext) async throws -> CustomerProfile {
        let store = hub.store
        let desk = hub.readablePreferences()
        let timeline = try await store.timeline(of: customer.id, before: nil, limit: countLimit, including: [])
        let shown = try await store.shown([customer.id])[customer.id] ?? customer
        let dispatches = try await store.dispatches(of: customer.id, limit: countLimit)
        return CustomerProfile(
            at: hub.clock(), customer: shown,
            aliases: try await store.aliases(of: customer.id).filter { $0 != customer.id },
            preferences: try await desk?.page(of: customer.id) ?? nil,
            suppressions: try await store.suppressions(of: customer.addresses),
            openFollowUps: try await store.followUps(
                FollowUpFilter(state: .open, customer: customer.id), limit: countLimit
            ).count,
            messages: Dictionary(dispatches.map { ($0.state, 1) }, uniquingKeysWith: +),
            interactions: timeline.count,
            lastContact: timeline.first { $0.direction != .internal }?.occurredAt)
    }

    func lines() -> [String] {
        let profile = customer.profile
        var facts = Labelled()
        facts.add("language", profile.language)
        facts.add("time zone", profile.timeZone)
        facts.add("household", profile.household)
        facts.add("owner", profile.owner)
        facts.add("tags", profile.tags.sorted().joined(separator: ", "))
        facts.add("attributes", profile.attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        facts.add(
            "quiet hours",
            profile.quietHours.map { CustomerText.clock($0.from) + " to " + CustomerText.clock($0.to) })
        facts.add("paused until", profile.pausedUntil.flatMap { $0 > at ? LocalTime.zoned($0) : nil })
        facts.add("merged in", aliases.map(\.description).joined(separator: ", "))
        facts.add("addresses", customer.addresses.map(addressLine))
        facts.add("messages", counted(messages))
        facts.add("timeline", timelineLine)
        facts.add("follow-ups", openFollowUps == 0 ? "none open" : "\(openFollowUps) open")
        let name = Style.bold(PlainText.line(CustomerText.name(customer)))
        return ["\(name)  \(customer.id)"] + facts.lines() + preferenceLines()
    }

    private func addressLine(_ address: Address) -> String {
        let reasons = suppressions.filter { $0.address == address && $0.isActive(at: at) }
            .map { "\($0.reason.rawValue) since \(LocalTime.minute($0.at))" }
        return address.deliverableURI + (reasons.isEmpty ? "" : "  ✗ " + reasons.joined(separator: ", "))
    }

    private func counted(_ states: [DispatchState: Int]) -> String {
        let parts = DispatchState.allCases.compactMap { state in states[state].map { "\($0) \(state.spoken)" } }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    private var timelineLine: String {
        let count =
            interactions >= Self.countLimit
            ? "\(Self.countLimit) and more interactions" : Spoken.count(interactions, "interaction")
        return count + (lastContact.map { ", last contact \(LocalTime.minute($0))" } ?? "")
    }

    private func preferenceLines() -> [String] {
        guard let preferences, !preferences.rows.isEmpty, !preferences.channels.isEmpty else { return [] }
        var table = Table(["TOPIC"] + preferences.channels.map { $0.rawValue.uppercased() } + ["TITLE"])
        for row in preferences.rows {
            let cells = preferences.channels.map { channel in
                row.allowed[channel] == true ? "yes" : row.unconfirmed.contains(channel) ? "unconfirmed" : "no"
            }
            table.add([row.topic] + cells + [row.title])
        }
        return [""] + table.lines()
    }

    var fields: [(String, JSONField)] {
        CustomerText.fields(customer) + [
            ("aliases", JSONField(aliases.map(\.description))),
            ("suppressions", .list(suppressions.map { .object(SuppressionText.fields($0, at: at)) })),
            ("preferences", .list((preferences?.rows ?? []).map(preference))),
            (
                "messages",
                JSONField(Dictionary(uniqueKeysWithValues: messages.map { ($0.key.rawValue, $0.value) }))
            ),
            ("interactions", .number(interactions)), ("openFollowUps", .number(openFollowUps)),
            ("lastContact", JSONField(lastContact)),
        ]
    }

    private func preference(_ row: PreferenceDesk.Row) -> JSONField {
        let allowed = (preferences?.channels ?? []).map { ($0.rawValue, JSONField.flag(row.allowed[$0] == true)) }
        return .object([
            ("topic", .text(row.topic)), ("title", .text(row.title)), ("allowed", .object(allowed)),
            ("unconfirmed", JSONField(row.unconfirmed.map(\.rawValue).sorted())),
        ])
    }
}

extension DispatchState {
    /// As people say it.
    var spoken: String { self == .handedOff ? "handed off" : rawValue }
}
