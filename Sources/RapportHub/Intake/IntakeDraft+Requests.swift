import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// Carries out what the customer asks of the hub itself.
    mutating func applyRequests(facts: IntakeFacts) {
        for request in event.requests {
            switch request {
            case .stop(let keyword): applyStop(keyword: keyword)
            case .start(let keyword): applyStart(keyword: keyword)
            case .help(let keyword): interaction.attributes["keyword"] = keyword
            case .probableStop: applyProbableStop()
            case .optOut(let topic, let channel, let method):
                recordConsent(.denied, topic: topic, channel: channel, method: method)
            case .optIn(let topic, let channel, let method):
                recordConsent(.granted, topic: topic, channel: channel, method: method)
            case .pause(let until): applyPause(until: until)
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

    private mutating func applyPause(until: Timestamp?) {
        guard let id = customer?.id else { return }
        customer?.profile.pausedUntil = until
        if let profile = customer?.profile { add(.profileSet(id, profile)) }
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
    private mutating func recordConsent(
        _ state: ConsentEntry.State, topic: String?, channel: Channel?, method: String
    ) {
        guard let customer else { return }
        var addresses: [Address?] = [nil]
        addresses += reach(of: channel, customer: customer).map(Optional.some)
        var proof = event.attributes.filter { ["ip", "wording", "key", "author"].contains($0.key) }
        proof["interaction"] = interaction.id.description
        // A colleague may enter an earlier yes, which ages from then and undoes no later no; a no holds from now on.
        let isEarlierYes = state == .granted && interaction.channel == .desk
        let at = isEarlierYes ? min(interaction.occurredAt, interaction.recordedAt) : interaction.recordedAt
        for address in addresses {
            let id = nextConsentID()
            add(
                .consentRecorded(
                    ConsentEntry(
                        id: id, customer: customer.id, address: address, topic: topic, channel: channel, state: state,
                        at: at, confirmedAt: state == .granted ? at : nil,
                        method: method, proof: proof)))
        }
    }

    /// The addresses that the wish came from and was sent to, or every address of the channel when it came from a page or
    /// a colleague.
    private func reach(of channel: Channel?, customer: Customer) -> [Address] {
        var named = resolved.addresses.prefix(1).map { $0 }
        if let dispatch, !named.contains(dispatch.address) { named.append(dispatch.address) }
        guard named.isEmpty else { return named }
        return customer.addresses.filter { address in channel.map { address.scheme.carries($0) } ?? true }
    }
}
