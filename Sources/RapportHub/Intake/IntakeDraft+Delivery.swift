import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// Joins what a receipt says to the dispatch it is about.
    ///
    /// An address is suppressed only on the word of a receipt whose dispatch is known: anybody can send a mail that looks
    /// like a bounce, and nobody else can name our dispatches.
    mutating func applyDelivery() {
        guard let report = event.delivery else { return }
        interaction.attributes["outcome"] = report.outcome.rawValue
        interaction.attributes["code"] = report.code
        interaction.attributes["diagnostic"] = report.diagnostic.map { String($0.prefix(1000)) }
        if report.addressIsBad { interaction.attributes["address"] = "bad" }
        guard let dispatch else { return }
        for effect in DeliveryEffects.of(
            report.outcome, addressIsBad: report.addressIsBad, dispatch: dispatch, at: interaction.occurredAt,
            suppressionID: nextSuppressionID())
        {
            add(effect)
        }
    }
}

/// What a receipt changes; the same whether it comes in time or was parked.
///
/// What it says of an address counts for the one that the message went to, whichever recipient it names. Servers rewrite
/// addresses on the way, so that another name is no sign of another recipient (RFC 3464, section 2.3.2); and who has
/// their mail forwarded to where nobody is was not reached, either: the report is about the recipient as the sender named
/// them (section 2.3.1). The address that it names is never suppressed: whoever got a message of ours, or forwarded it,
/// could name anybody's.
enum DeliveryEffects {
    static func of(
        _ outcome: DeliveryReport.Outcome, addressIsBad: Bool, dispatch: DispatchSummary, at: Timestamp,
        suppressionID: EntryID
    ) -> [Effect] {
        var effects: [Effect] = []
        if let state = state(of: outcome) { effects.append(.dispatchAdvanced(dispatch.id, state)) }
        let reason: Suppression.Reason? = outcome == .complained ? .complaint : addressIsBad ? .hardBounce : nil
        if let reason {
            effects.append(
                .suppressed(
                    Suppression(id: suppressionID, address: dispatch.address, reason: reason, at: at)))
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
