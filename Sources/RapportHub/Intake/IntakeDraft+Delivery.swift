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
        for effect in DeliveryEffects.of(
            report.outcome, addressIsBad: report.addressIsBad, over: channel, naming: named, dispatch: dispatch,
            at: interaction.occurredAt, suppressionID: nextSuppressionID())
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
/// them (section 2.3.1). The address that it names is not suppressed: whoever got a message of ours, or forwarded it,
/// could name anybody's.
///
/// With one exception: a message that fell back to another channel may have left over the first one before, and what comes
/// over that is about then: that the customer has it, or something of the address there. The message has another address
/// by now, so the one that is named counts, but only if it is one of the customer's own.
enum DeliveryEffects {
    /// Over these both messages and what is said of them travel; the other reports are webhooks about any channel.
    private static let reporting: Set<Channel> = [.email, .sms, .ivr]

    /// - Parameters:
    ///   - channel: over which the report came.
    ///   - named: an address of the customer's and of that channel.
    static func of(
        _ outcome: DeliveryReport.Outcome, addressIsBad: Bool, over channel: Channel, naming named: Address? = nil,
        dispatch: DispatchSummary, at: Timestamp, suppressionID: EntryID
    ) -> [Effect] {
        let isOfEarlierTry = reporting.contains(channel) && channel != dispatch.channel
        var effects: [Effect] = []
        if let state = state(of: outcome), !isOfEarlierTry || state == .delivered {
            effects.append(.dispatchAdvanced(dispatch.id, state))
        }
        let reason: Suppression.Reason? = outcome == .complained ? .complaint : addressIsBad ? .hardBounce : nil
        if let reason, let address = isOfEarlierTry ? named : dispatch.address {
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
