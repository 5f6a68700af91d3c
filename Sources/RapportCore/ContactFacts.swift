/// Everything the contact policy looks at when it judges one request, besides the policy itself and the clock.
///
/// Ids are the text forms shown outside (`c1`, `k7`, `d9`), because they end up as evidence. Lists may be in any order
/// and may hold entries that don't concern the request; the rules pick what matters. Dispatches never include the one
/// that is being judged.
package struct ContactFacts: Hashable, Sendable {
    package var customer: Person
    /// Entries that name the customer or the address of the request.
    package var consents: [Consent]
    /// Suppressions of the address of the request.
    package var suppressions: [Suppression]
    /// Dispatches of the customer, of the address and of the household.
    package var dispatches: [Dispatch]
    package var openCases: [OpenCase]
    package var responses: [Response]

    package init(
        customer: Person, consents: [Consent] = [], suppressions: [Suppression] = [], dispatches: [Dispatch] = [],
        openCases: [OpenCase] = [], responses: [Response] = []
    ) {
        self.customer = customer
        self.consents = consents
        self.suppressions = suppressions
        self.dispatches = dispatches
        self.openCases = openCases
        self.responses = responses
    }

    package struct Person: Hashable, Sendable {
        package var id: String
        package var timeZone: String?
        package var quietHours: QuietHours?
        package var pausedUntil: Timestamp?
        package var household: String?
        package var erased: Bool

        package init(
            id: String, timeZone: String? = nil, quietHours: QuietHours? = nil, pausedUntil: Timestamp? = nil,
            household: String? = nil, erased: Bool = false
        ) {
            self.id = id
            self.timeZone = timeZone
            self.quietHours = quietHours
            self.pausedUntil = pausedUntil
            self.household = household
            self.erased = erased
        }
    }

    package struct Consent: Hashable, Sendable {
        package var id: String
        package var customer: String
        package var address: Address?
        package var topic: String?
        package var channel: Channel?
        package var state: ConsentEntry.State
        package var at: Timestamp
        package var confirmedAt: Timestamp?

        package init(
            id: String, customer: String, address: Address? = nil, topic: String? = nil, channel: Channel? = nil,
            state: ConsentEntry.State, at: Timestamp, confirmedAt: Timestamp? = nil
        ) {
            self.id = id
            self.customer = customer
            self.address = address
            self.topic = topic
            self.channel = channel
            self.state = state
            self.at = at
            self.confirmedAt = confirmedAt
        }
    }

    package struct Suppression: Hashable, Sendable {
        package var id: String
        package var address: Address
        package var reason: RapportCore.Suppression.Reason
        package var at: Timestamp
        package var until: Timestamp?

        package init(
            id: String, address: Address, reason: RapportCore.Suppression.Reason, at: Timestamp,
            until: Timestamp? = nil
        ) {
            self.id = id
            self.address = address
            self.reason = reason
            self.at = at
            self.until = until
        }
    }

    package struct Dispatch: Hashable, Sendable {
        package var id: String
        package var customer: String
        package var address: Address
        package var household: String?
        package var channel: Channel
        package var messageClass: MessageClass
        package var topic: String
        package var campaign: String?
        package var occurrence: String?
        package var offer: String?
        package var content: String?
        package var state: DispatchState
        /// When it was claimed.
        package var at: Timestamp

        package init(
            id: String, customer: String, address: Address, household: String? = nil, channel: Channel,
            messageClass: MessageClass, topic: String, campaign: String? = nil, occurrence: String? = nil,
            offer: String? = nil, content: String? = nil, state: DispatchState, at: Timestamp
        ) {
            self.id = id
            self.customer = customer
            self.address = address
            self.household = household
            self.channel = channel
            self.messageClass = messageClass
            self.topic = topic
            self.campaign = campaign
            self.occurrence = occurrence
            self.offer = offer
            self.content = content
            self.state = state
            self.at = at
        }
    }

    package struct OpenCase: Hashable, Sendable {
        package var id: String
        package var kind: String
        package var openedAt: Timestamp

        package init(id: String, kind: String, openedAt: Timestamp) {
            self.id = id
            self.kind = kind
            self.openedAt = openedAt
        }
    }

    package struct Response: Hashable, Sendable {
        package var id: String
        package var campaign: String
        package var at: Timestamp

        package init(id: String, campaign: String, at: Timestamp) {
            self.id = id
            self.campaign = campaign
            self.at = at
        }
    }
}
