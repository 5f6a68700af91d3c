import RapportCore

/// One line of a customer file, checked.
package struct ImportRow: Hashable, Sendable {
    /// The `id:` address decides who it is; without one the mailbox or the number does.
    var id: Address?
    var addresses: [Address]
    /// `nil`: the file has no such column or the cell is empty, so what is known stays.
    var name: String?
    var language: String?
    var timeZone: String?
    var household: String?
    var owner: String?
    var tags: Set<String>
    var attributes: [String: String]
    var consents: [Consent]

    struct Consent: Hashable, Sendable {
        var topic: String?
        var channel: Channel?
        var state: ConsentEntry.State
        /// The file says that the customer confirmed the yes.
        var isConfirmed = false
        var at: Timestamp?
    }

    /// The columns with a meaning of their own; every other one is an attribute.
    static let columns = [
        "id", "email", "phone", "name", "language", "timeZone", "household", "owner", "tags", "consents",
    ]

    /// What is known already, with what the row says written over it.
    func profile(over known: Customer.Profile) -> Customer.Profile {
        var profile = known
        profile.name = name ?? known.name
        profile.language = language ?? known.language
        profile.timeZone = timeZone ?? known.timeZone
        profile.household = household ?? known.household
        profile.owner = owner ?? known.owner
        profile.tags.formUnion(tags)
        profile.attributes.merge(attributes) { _, new in new }
        return profile
    }
}

/// Why a line can't be imported.
package struct ImportProblem: Error, Hashable, Sendable {
    var reason: String
}
