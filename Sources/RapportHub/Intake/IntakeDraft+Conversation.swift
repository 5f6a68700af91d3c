import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// A call and a thread carry their own name; a mail that answers one joins its conversation; texts to and from one
    /// customer are one conversation.
    mutating func findConversation(facts: IntakeFacts) {
        guard interaction.references.conversation == nil else { return }
        if let known = event.answers.lazy.compactMap({ facts.conversations[$0] }).first {
            interaction.references.conversation = known.conversation
        } else if let dispatch, !event.threadKeys.isEmpty {
            interaction.references.conversation = ConversationName.dispatch(dispatch.id)
        } else if !event.threadKeys.isEmpty {
            interaction.references.conversation = ConversationName.mail(interaction.id)
        } else if event.channel == .sms, event.kind == .messageReceived, let customer {
            interaction.references.conversation = ConversationName.sms(customer.id)
        }
    }

    /// Lets later messages find this conversation by the names of this one, and later events of a call its customer.
    mutating func nameConversation(facts: IntakeFacts) {
        guard let conversation = interaction.references.conversation else { return }
        var keys = Array(event.threadKeys.prefix(8))
        if let key = resolved.exchangeKey, customer != nil, facts.conversations[key] == nil { keys.append(key) }
        if !keys.isEmpty { add(.conversationNamed(conversation, keys: keys)) }
    }
}
