import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// Opens a follow-up for what the customer now waits for, unless one is open for the same conversation already.
    mutating func applyFollowUp(facts: IntakeFacts, serviceLevels: ServiceLevels) {
        let stranded = isStranded ? event.strandedFollowUp : nil
        guard let customer, let wanted = resolved.wantedFollowUp ?? stranded else { return }
        let conversation = interaction.references.conversation
        if let conversation,
            facts.openFollowUps.contains(
                OpenFollowUp(customer: customer.id, conversation: conversation, kind: wanted.kind))
        {
            return
        }
        add(
            .followUpOpened(
                FollowUp(
                    id: FollowUpID(position), customer: customer.id, kind: wanted.kind, summary: wanted.summary,
                    owner: customer.profile.owner, openedAt: interaction.recordedAt,
                    dueAt: serviceLevels.due(kind: wanted.kind, openedAt: interaction.recordedAt),
                    conversation: conversation)))
    }

    /// Whether somebody is waiting who must not be lost, even without an address.
    var isWorthAFollowUp: Bool { resolved.wantedFollowUp != nil }
}

extension InboundEvent {
    /// What the customer waits for after it. What is asked for besides wins over a wish that the hub carries out by itself.
    var wantedFollowUp: (kind: String, summary: String)? {
        for request in requests {
            switch request {
            case .followUp(let kind, let summary): return (kind, summary.isEmpty ? self.summary : summary)
            case .probableStop: return ("opt-out", summary)
            case .stop, .start, .help, .optOut, .optIn, .confirm, .pause: continue
            }
        }
        guard requests.isEmpty, direction == .inbound, let word = FollowUp.kind(after: kind) else { return nil }
        return (word, summary)
    }

    /// For a wish to leave that the hub can't carry out, because it can't tell whose it is.
    var strandedFollowUp: (kind: String, summary: String) { ("opt-out", summary) }

    private var summary: String { FollowUp.summary(subject: subject, text: text, after: kind) }
}
