import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// Joins what a receipt says to the dispatch it is about.
    ///
    /// An address is suppressed only on the word of a receipt whose dispatch is proven: anybody can send a mail that looks
    /// like a bounce, and who has seen an answer can name our dispatch by its Message-ID.
    mutating func applyDelivery() {
        guard let report = event.delivery else { return }
        interaction.attributes["outcome"] = report.outcome.rawValue
        interaction.attributes["code"] = report.code
        interaction.attributes["diagnostic"] = report.diagnostic.map { String($0.prefix(1000)) }
        if report.addressIsBad { interaction.attributes["address"] = "bad" }
        guard let dispatch, report.isProven else { return }
        let channel = interaction.channel
        let named = resolved.addresses.first {
            customer?.addresses.contains($0) == true && $0.scheme.carries(channel)
        }
        let tried = ReportedTry(
            of: dispatch, route: event.route, over: channel, naming: named, isProviders: event.isOfProvidersID)
        interaction.attributes["try"] = tried.word
        for effect in DeliveryEffects.of(
            report.outcome, addressIsBad: report.addressIsBad, tried: tried, dispatch: dispatch,
            at: interaction.occurredAt, suppressionID: nextSuppressionID())
        {
            add(effect)
        }
    }
}

extension InboundEvent {
    /// Whether it calls the message that it is about by the id that a provider gave it.
    fileprivate var isOfProvidersID: Bool { if case .provider = dispatch { true } else { false } }
}

/// What a receipt changes; the same whether it comes in time or was parked.
///
/// What it says of an address counts for the one that the message went to, whichever recipient it names. Servers rewrite
/// addresses on the way, so that another name is no sign of another recipient (RFC 3464, section 2.3.2); and who has
/// their mail forwarded to where nobody is was not reached, either: the report is about the recipient as the sender named
/// them (section 2.3.1). The address that it names is not suppressed: whoever got a message of ours, or forwarded it,
/// could name anybody's.
///
/// With one exception: a message that fell back to another address may have left for the first one before, and what comes
/// late of that try (`ReportedTry`) is about then: that the customer has it, or something of the address there. Where the
/// report does not tell which of its ways the message took, the address that it names counts, but only if it is one of the
/// customer's own; where it can't be told at all, no address is suppressed.
enum DeliveryEffects {
    static func of(
        _ outcome: DeliveryReport.Outcome, addressIsBad: Bool, tried: ReportedTry, dispatch: DispatchSummary,
        at: Timestamp, suppressionID: EntryID
    ) -> [Effect] {
        var effects: [Effect] = []
        if let state = state(of: outcome), tried == .latest || state == .delivered {
            effects.append(.dispatchAdvanced(dispatch.id, state))
        }
        let reason: Suppression.Reason? = outcome == .complained ? .complaint : addressIsBad ? .hardBounce : nil
        if let reason, let address = tried.address(of: dispatch) {
            effects.append(.suppressed(Suppression(id: suppressionID, address: address, reason: reason, at: at)))
        }
        return effects
    }

    private static func state(of outcome: DeliveryReport.Outcome) -> DispatchState? {
        switch outcome {
        case .accepted: .accepted
        case .delivered: .delivered
        case .bounced: .bounced
        case .failed: .failed
        case .deferred, .complained, .unknown: nil
        }
    }
}
