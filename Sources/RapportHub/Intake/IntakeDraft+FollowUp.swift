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
        guard requests.isEmpty, direction == .inbound else { return nil }
        switch kind {
        case .messageReceived: return ("message", summary)
        case .callRecorded: return ("voicemail", summary)
        case .callMissed: return ("missed-call", summary)
        case .callCallbackRequested: return ("callback", summary)
        default: return nil
        }
    }

    /// For a wish to leave that the hub can't carry out, because it can't tell whose it is.
    var strandedFollowUp: (kind: String, summary: String) { ("opt-out", summary) }

    /// The subject, or the beginning of the text, on one line.
    private var summary: String {
        let source = [subject, text].compactMap { $0 }.first { !$0.isEmpty } ?? kind.rawValue
        let start = source.utf8.prefix(400)
        // Characters are told apart only where there may be any that are not letters of their own.
        if start.allSatisfy({ $0 < 0x80 }) {
            let words = start.split { $0 == UInt8(ascii: " ") || (0x09...0x0d).contains($0) }
            return String(decoding: Array(words.joined(separator: [UInt8(ascii: " ")])).prefix(120), as: UTF8.self)
        }
        let line = source.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(line.prefix(120))
    }
}
