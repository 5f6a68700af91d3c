import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// An answer on any channel ends the campaign for the customer.
    ///
    /// An event that names a message answers that one's campaign. One that names none answers the latest campaign that
    /// reached the customer on the same channel, else the latest on any; what was said before a message left does not
    /// answer it, however late it comes in.
    mutating func applyResponse(facts: IntakeFacts) {
        guard resolved.item.isAnswer, let customer = customer?.id else { return }
        let campaign: String?
        if let dispatch {
            campaign = dispatch.campaign
        } else {
            let latest = interaction.occurredAt.adding(seconds: Self.clockTolerance)
            let recent = (facts.recentCampaigns[customer] ?? []).filter { $0.at <= latest }
            let contact = recent.first { $0.channel == interaction.channel } ?? recent.first
            campaign = contact?.campaign
            interaction.references.campaign = contact?.campaign
            interaction.references.occurrence = contact?.occurrence
        }
        if let campaign { add(.responded(customer, campaign: campaign)) }
    }

    /// How far a source's clock may be behind ours, in seconds.
    private static let clockTolerance: Int64 = 300
}

extension InboundEvent {
    /// Whether the customer did something by which a campaign has reached its end with them.
    var isAnswer: Bool {
        guard direction == .inbound else { return false }
        return [.messageReceived, .callStarted, .callDigits, .callSpeech, .callRecorded, .linkClicked].contains(kind)
    }
}
