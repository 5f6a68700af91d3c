package import RapportChannels
package import RapportCore

/// Where in somebody's JSON the parts of an interaction stand. Every pointer is relative to one event.
package struct WebhookMapping: Sendable {
    /// How an instant is written.
    package enum TimeFormat: String, Sendable, CaseIterable {
        case rfc3339
        case unixSeconds = "unix-s"
        case unixMilliseconds = "unix-ms"
    }

    package struct AddressRule: Sendable {
        package var pointer: JSONPointer
        /// `nil`: guessed from the text (`RawAddress.init(guessing:)`).
        package var scheme: Address.Scheme?
        /// Put before names of the scheme `id`: `crm` makes `id:crm/12345`.
        package var system: String?

        package init(_ pointer: JSONPointer, scheme: Address.Scheme? = nil, system: String? = nil) {
            self.pointer = pointer
            self.scheme = scheme
            self.system = system
        }
    }

    /// The array of events in one request; `nil`: the body is one event, or an array of them.
    package var events: JSONPointer?
    /// The source's own id; `nil`: the intake finds repetitions by the body.
    package var id: JSONPointer?
    /// The header with the id of the request, such as `webhook-id` or `x-github-delivery`, for when `id` names none.
    package var idHeader: String?
    package var time: JSONPointer?
    package var timeFormat: TimeFormat
    package var kind: JSONPointer?
    /// The header with the kind, such as `x-github-event`, for when `kind` names none.
    package var kindHeader: String?
    /// What the source's words mean; a word that is not listed becomes `event.<word>`.
    package var kinds: [String: InteractionKind]
    /// When there is no `kind` pointer, or nothing there.
    package var defaultKind: InteractionKind
    package var addresses: [AddressRule]
    package var subject: JSONPointer?
    package var text: JSONPointer?
    package var language: JSONPointer?
    package var attributes: [String: JSONPointer]
    /// Whether STOP and its like in the text are requests of the hub.
    package var readsKeywords: Bool

    package init(
        events: JSONPointer? = nil, id: JSONPointer? = nil, idHeader: String? = nil, time: JSONPointer? = nil,
        timeFormat: TimeFormat = .rfc3339, kind: JSONPointer? = nil, kindHeader: String? = nil,
        kinds: [String: InteractionKind] = [:],
        defaultKind: InteractionKind = .event("received"), addresses: [AddressRule] = [],
        subject: JSONPointer? = nil, text: JSONPointer? = nil, language: JSONPointer? = nil,
        attributes: [String: JSONPointer] = [:], readsKeywords: Bool = false
    ) {
        self.events = events
        self.id = id
        self.idHeader = idHeader?.lowercased()
        self.time = time
        self.timeFormat = timeFormat
        self.kind = kind
        self.kindHeader = kindHeader?.lowercased()
        self.kinds = kinds
        self.defaultKind = defaultKind
        self.addresses = addresses
        self.subject = subject
        self.text = text
        self.language = language
        self.attributes = attributes
        self.readsKeywords = readsKeywords
    }
}
