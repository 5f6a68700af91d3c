import RapportChannels
import RapportCore
import RapportLog

/// One event on its way to becoming a row: each step adds what it decides.
struct IntakeDraft {
    let resolved: ResolvedEvent
    /// The dispatch that the event is about or answers, when it is known.
    let dispatch: DispatchSummary?
    var interaction: Interaction
    /// The customer as it will be once this row is applied.
    var customer: Customer?
    var conflicts: [CustomerID] = []
    /// The addresses at which a wish to leave holds and nowhere else, because it can't be told whose wish it is: several
    /// have the address that the message went to, or nobody, or a machine tells of it.
    var leavesAlone: [Address] = []
    /// Whether what it asks for is done. What a machine reports of somebody is not, unless it is about the recipient of a
    /// message of ours.
    var isHeard = true
    /// Whether it asks to leave and nobody can be found whose wish that is, so that a person must look.
    var isStranded = false
    /// Those merged into the customer whose own pauses end with this row.
    var pausesEnded: [Customer] = []
    private var consentEntries = 0
    private var suppressionEntries = 0

    var event: InboundEvent { resolved.event }
    var position: Int64 { interaction.id.number }

    /// Where the message went that the event is about or answers: over the way that the event names, or else over the
    /// one that the message takes now. `nil`: there is no such message, or it can't be told any more.
    var sentTo: Address? {
        guard let dispatch else { return nil }
        guard let route = event.route else { return dispatch.address }
        return ReportedTry(of: dispatch, route: route).address(of: dispatch)
    }

    init(position: Int64, resolved: ResolvedEvent, dispatch: DispatchSummary?, now: Timestamp) {
        let event = resolved.event
        self.resolved = resolved
        self.dispatch = dispatch
        interaction = Interaction(
            id: InteractionID(position), customer: nil, channel: event.channel, adapter: resolved.adapter,
            direction: event.direction, kind: event.kind, occurredAt: event.occurredAt ?? now, recordedAt: now,
            from: event.from, to: event.to, subject: event.subject, text: event.text, attributes: event.attributes,
            sourceID: event.sourceID,
            references: Interaction.References(
                campaign: dispatch?.campaign, occurrence: dispatch?.occurrence, dispatch: dispatch?.id,
                conversation: event.conversation),
            payload: event.payload)
        if !resolved.problems.isEmpty {
            interaction.attributes["address-problem"] = resolved.problems.joined(separator: "; ")
        }
    }

    mutating func add(_ effect: Effect) {
        interaction.effects.append(effect)
    }

    /// The id of this row's next consent entry.
    mutating func nextConsentID() -> EntryID {
        defer { consentEntries += 1 }
        return EntryID(position: position, ordinal: consentEntries)
    }

    /// The id of this row's next suppression.
    mutating func nextSuppressionID() -> EntryID {
        defer { suppressionEntries += 1 }
        return EntryID(position: position, ordinal: suppressionEntries)
    }

    /// Whether the event comes from the customer and not from a provider about them.
    var isFromCustomer: Bool {
        event.direction == .inbound && event.delivery == nil
            && ![.unparsed, .unknown, .messageAutoReply, .messageRead].contains(event.kind)
    }

    /// Set when this is a receipt about an id that nobody knows yet.
    var parkedUnder: DispatchReference? {
        guard dispatch == nil, event.delivery != nil, case .provider = event.dispatch else { return nil }
        return event.dispatch
    }

    /// The hub's own note that the event names customers who are not known to be one.
    func conflictNote(at position: Int64) -> Interaction {
        Interaction(
            id: InteractionID(position), customer: interaction.customer, channel: interaction.channel, adapter: "hub",
            direction: .internal, kind: .identityConflict, occurredAt: interaction.recordedAt,
            recordedAt: interaction.recordedAt,
            attributes: [
                "interaction": interaction.id.description,
                "customers": conflicts.map(\.description).joined(separator: ","),
            ],
            references: Interaction.References(inReplyTo: interaction.id),
            effects: interaction.customer.map { [.identityConflicted($0, with: conflicts)] } ?? [])
    }

    /// The hub's own note that the pause of somebody who was merged into the customer is over. It is of their timeline,
    /// because it tells of their profile, which is theirs alone again when the merge is undone.
    func pauseNote(of member: Customer, at position: Int64) -> Interaction {
        var profile = member.profile
        profile.pausedUntil = nil
        return Interaction(
            id: InteractionID(position), customer: member.id, channel: interaction.channel, adapter: "hub",
            direction: .internal, kind: .preferencesChanged, occurredAt: interaction.recordedAt,
            recordedAt: interaction.recordedAt, attributes: ["interaction": interaction.id.description],
            references: Interaction.References(inReplyTo: interaction.id), effects: [.profileSet(member.id, profile)])
    }

    /// Lets the following events of the batch see what this one does.
    func update(_ facts: inout IntakeFacts) {
        if let customer {
            facts.customers[customer.id] = customer
            for address in customer.addresses where facts.customersByAddress[address]?.contains(customer.id) != true {
                facts.customersByAddress[address, default: []].append(customer.id)
            }
            if !pausesEnded.isEmpty {
                facts.restingMembers[customer.id] = facts.restingMembers[customer.id]?.map { member in
                    var member = member
                    member.profile.pausedUntil = nil
                    return member
                }
            }
        }
        for effect in interaction.effects {
            switch effect {
            case .followUpOpened(let followUp):
                guard let conversation = followUp.conversation else { continue }
                facts.openFollowUps.insert(
                    OpenFollowUp(customer: followUp.customer, conversation: conversation, kind: followUp.kind))
            case .conversationNamed(let name, let keys):
                for key in keys { facts.conversations[key] = KnownConversation(name, customer: interaction.customer) }
            default: break
            }
        }
    }
}
