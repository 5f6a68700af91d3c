package import RapportCore
package import RapportLog

/// One customer on one screen, for somebody who has never met them: who they are, what is open, what was promised, what
/// they want to hear, the last contacts.
package struct CustomerBrief: Hashable, Sendable {
    package var customer: CustomerID
    package var at: Timestamp
    package var name: String?
    package var language: String?
    package var timeZone: String?
    package var household: String?
    /// The colleague who answers for them.
    package var owner: String?
    package var tags: [String]
    package var attributes: [String: String]
    /// As URIs, in the customer's order.
    package var addresses: [String]
    package var erased: Bool
    package var open: [OpenItem]
    package var promises: [Promise]
    package var preferences: [Preference]
    package var pausedUntil: Timestamp?
    package var suppressed: [SuppressedAddress]
    /// The latest first; not the hub's own notes.
    package var lastContacts: [Contact]

    /// Something the customer waits for.
    package struct OpenItem: Hashable, Sendable {
        package var id: FollowUpID
        package var kind: String
        package var summary: String
        package var owner: String?
        package var openedAt: Timestamp
        package var dueAt: Timestamp?
        package var overdue: Bool
    }

    /// A note that a colleague marked as a promise (`note.added` with the attribute `kind` = `promise`).
    package struct Promise: Hashable, Sendable {
        package var interaction: InteractionID
        package var at: Timestamp
        package var text: String
        package var by: String?
    }

    /// What of a topic may come over which channel.
    package struct Preference: Hashable, Sendable {
        package var topic: String
        package var title: String
        package var allowed: [String]
        /// The customer said yes, and it counts when it is confirmed.
        package var unconfirmed: [String]
        package var refused: [String]
    }

    /// An address that must not be used, and why.
    package struct SuppressedAddress: Hashable, Sendable {
        package var address: String
        package var reason: Suppression.Reason
        package var at: Timestamp
    }

    package struct Contact: Hashable, Sendable {
        package var interaction: InteractionID
        package var at: Timestamp
        package var channel: Channel
        package var direction: Direction
        package var kind: InteractionKind
        /// The subject, or the beginning of the text, on one line.
        package var summary: String?
    }

    /// - Parameters:
    ///   - page: what the customer's own preference page shows; `nil` for somebody who is erased.
    ///   - now: suppressions that have ended by then are left out.
    package init(_ overview: CustomerOverview, page: PreferenceDesk.Page?, now: Timestamp) {
        let (customer, timeline) = (overview.customer, overview.timeline)
        let profile = customer.profile
        self.customer = customer.id
        at = now
        name = profile.name
        language = profile.language
        timeZone = profile.timeZone
        household = profile.household
        owner = profile.owner
        tags = profile.tags.sorted()
        attributes = profile.attributes
        addresses = customer.addresses.map(\.deliverableURI)
        erased = customer.erased
        open = overview.followUps.map { item in
            OpenItem(
                id: item.id, kind: item.kind, summary: item.summary, owner: item.owner, openedAt: item.openedAt,
                dueAt: item.dueAt, overdue: item.isOverdue(at: now))
        }
        promises = timeline.filter { $0.kind == .noteAdded && $0.attributes["kind"] == "promise" }
            .prefix(Self.promiseLimit).map { note in
                Promise(
                    interaction: note.id, at: note.occurredAt, text: note.text ?? note.subject ?? "",
                    by: note.attributes["author"])
            }
        preferences = (page?.rows ?? []).map { row in
            let channels = page?.channels ?? []
            return Preference(
                topic: row.topic, title: row.title,
                allowed: channels.filter { row.allowed[$0] == true }.map(\.rawValue),
                unconfirmed: channels.filter(row.unconfirmed.contains).map(\.rawValue),
                refused: channels.filter { row.allowed[$0] != true && !row.unconfirmed.contains($0) }.map(\.rawValue))
        }
        pausedUntil = overview.facts.customer.pausedUntil.flatMap { $0 > now ? $0 : nil }
        suppressed = overview.facts.suppressions
            .filter { $0.at <= now && ($0.until ?? now.adding(milliseconds: 1)) > now }
            .map { SuppressedAddress(address: $0.address.deliverableURI, reason: $0.reason, at: $0.at) }
        lastContacts = timeline.filter { $0.direction != .internal }.prefix(Self.contactLimit).map(Contact.init)
    }

    package static let contactLimit = 10
    package static let promiseLimit = 10
    package static let followUpLimit = 50
    /// How far back promises and contacts are looked for, in rows.
    package static let timelineLimit = 200

    /// Reads what the briefs of these customers show, all of it at one moment.
    ///
    /// - Parameter preferences: `nil` leaves out what the customer wants to hear.
    /// - Returns: none for an id that nobody has.
    package static func read(
        _ subject: CustomerOverview.Subject, store: any CustomerStoring, preferences: PreferenceDesk?, now: Timestamp
    ) async throws(StoreError) -> [CustomerBrief] {
        let limits = CustomerOverview.Limits(followUps: followUpLimit, timeline: timelineLimit)
        return try await store.overviews(of: subject, limits: limits).map { overview in
            CustomerBrief(overview, page: preferences?.page(of: overview.customer, overview.facts) ?? nil, now: now)
        }
    }
}

extension CustomerBrief.Contact {
    init(_ interaction: Interaction) {
        let source = [interaction.subject, interaction.text].compactMap { $0 }.first { !$0.isEmpty }
        let words = source?.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let line = interaction.sandboxNote.map { note in words.map { "\(note): \($0)" } ?? note } ?? words
        self.init(
            interaction: interaction.id, at: interaction.occurredAt, channel: interaction.channel,
            direction: interaction.direction, kind: interaction.kind, summary: line.map { String($0.prefix(120)) })
    }
}
