import RapportChannels
import RapportCore
import RapportLog

extension InboundEvent {
    /// Whether it says yes or no for the customer, which may reach each of their addresses.
    var changesConsent: Bool {
        requests.contains { request in
            switch request {
            case .optOut, .optIn, .confirm: true
            case .stop, .start, .help, .probableStop, .pause, .followUp: false
            }
        }
    }
}

extension IntakeDraft {
    /// Carries out what the customer asks of the hub itself.
    mutating func applyRequests(facts: IntakeFacts) {
        guard isHeard else { return }
        for request in event.requests {
            switch request {
            case .stop(let keyword): applyStop(keyword: keyword)
            case .start(let keyword): applyStart(keyword: keyword)
            case .help(let keyword): interaction.attributes["keyword"] = keyword
            case .probableStop: applyProbableStop()
            case .optOut(let topic, let channel, let method, let holder, let isOfHolderAlone):
                recordConsent(
                    .denied, topic: topic, channel: channel, method: method, holder: holder,
                    alone: isOfHolderAlone ? holder.map { [$0] } ?? [] : leavesAlone)
            case .optIn(let topic, let channel, let method, let confirmation):
                recordConsent(
                    .granted, topic: topic, channel: channel, method: method, confirmation: confirmation)
            case .confirm(let topic, let channel, let address, let method):
                recordConfirmation(topic: topic, channel: channel, address: address, method: method)
            case .pause(let until): applyPause(until: until, facts: facts)
            case .followUp: break
            }
        }
    }

    private mutating func applyStop(keyword: String) {
        interaction.attributes["keyword"] = keyword
        guard let address = resolved.addresses.first else { return }
        let id = nextSuppressionID()
        add(.suppressed(Suppression(id: id, address: address, reason: .stop, at: interaction.recordedAt)))
    }

    private mutating func applyStart(keyword: String) {
        interaction.attributes["keyword"] = keyword
        guard let address = resolved.addresses.first else { return }
        add(.suppressionLifted(address, .stop))
    }

    /// What is asked now is instead of every pause that was asked for before, by whoever was merged into the customer too.
    private mutating func applyPause(until: Timestamp?, facts: IntakeFacts) {
        guard let id = customer?.id else { return }
        customer?.profile.pausedUntil = until
        if let profile = customer?.profile { add(.profileSet(id, profile)) }
        pausesEnded = (facts.restingMembers[id] ?? []).filter { $0.profile.pausedUntil != nil }
    }

    /// Marketing to this address rests until a person has looked.
    private mutating func applyProbableStop() {
        interaction.attributes["opt-out"] = "probable"
        guard let customer else { return }
        let id = nextConsentID()
        add(
            .consentRecorded(
                ConsentEntry(
                    id: id, customer: customer.id, address: resolved.addresses.first, topic: nil,
                    channel: interaction.channel, state: .denied, at: interaction.recordedAt,
                    method: "probable-opt-out", proof: ["interaction": interaction.id.description])))
    }

    /// Writes one entry for the customer whatever the address, and one for each address that the wish reaches: a denial of
    /// an address reaches everybody who shares it, and only a grant that names an address lifts a denial that does.
    ///
    /// A confirmation is of an address. The entry for whatever address has none, so that an address which somebody adds
    /// later is not confirmed by it.
    ///
    /// - Parameters:
    ///   - holder: an address that the wish reaches in any case, if the channel does.
    ///   - alone: the only addresses that it reaches; none: no such bounds.
    private mutating func recordConsent(
        _ state: ConsentEntry.State, topic: String?, channel: Channel?, method: String,
        confirmation: ConfirmationSource = .missing, holder: Address? = nil, alone: [Address] = []
    ) {
        guard let customer else { return }
        var addresses: [Address?] = [nil]
        addresses += reach(of: channel, customer: customer).map(Optional.some)
        if let holder, holder.scheme.carries(anyOf: channel), !addresses.contains(holder) { addresses.append(holder) }
        if !alone.isEmpty { addresses = alone }
        // A colleague may enter an earlier yes, which ages from then and undoes no later no; a no holds from now on.
        let isEarlierYes = state == .granted && interaction.channel == .desk
        let at = isEarlierYes ? min(interaction.occurredAt, interaction.recordedAt) : interaction.recordedAt
        let proof = consentProof
        for address in addresses {
            let isConfirmed = state == .granted && confirms(confirmation, address)
            let id = nextConsentID()
            add(
                .consentRecorded(
                    ConsentEntry(
                        id: id, customer: customer.id, address: address, topic: topic, channel: channel, state: state,
                        at: at, confirmedAt: isConfirmed ? at : nil, method: method, proof: proof)))
        }
    }

    /// One entry, for this address alone: what the customer said of others stays as it is.
    private mutating func recordConfirmation(topic: String, channel: Channel, address: Address, method: String) {
        guard let customer, customer.addresses.contains(address), address.scheme.carries(channel) else { return }
        let at = interaction.recordedAt
        let id = nextConsentID()
        add(
            .consentRecorded(
                ConsentEntry(
                    id: id, customer: customer.id, address: address, topic: topic, channel: channel, state: .granted,
                    at: at, confirmedAt: at, method: method, proof: consentProof)))
    }

    /// Whether a yes that came so is the holder's of this address.
    private func confirms(_ confirmation: ConfirmationSource, _ address: Address?) -> Bool {
        guard let address else { return false }
        return switch confirmation {
        case .missing: false
        case .sender: address == resolved.addresses.first
        case .holder(let holder): address == holder
        case .vouched: true
        }
    }

    private var consentProof: [String: String] {
        var proof = event.attributes.filter { ["ip", "wording", "key", "author", "message"].contains($0.key) }
        proof["interaction"] = interaction.id.description
        return proof
    }

    /// The addresses that the wish came from and was sent to, or every address of the channel when it came from a page or
    /// a colleague.
    private func reach(of channel: Channel?, customer: Customer) -> [Address] {
        var named = resolved.addresses.prefix(1).map { $0 }
        if let sentTo, !named.contains(sentTo), event.isDispatchTheirs || customer.addresses.contains(sentTo) {
            named.append(sentTo)
        }
        guard named.isEmpty else { return named }
        return customer.addresses.filter { address in channel.map { address.scheme.carries($0) } ?? true }
    }
}
