package import RapportCore
package import RapportLog

/// What a message answers: the follow-ups that it closes, the conversation that it belongs to, and the mails that it
/// continues, so that the customer's mail program shows one conversation.
package struct AnsweredFollowUps: Hashable, Sendable {
    package var closes: [FollowUpID] = []
    package var conversation: String?
    /// Message-IDs of the customer's mails in the conversation, the oldest first.
    package var thread: [String] = []

    /// Rows of the customer's timeline, the latest first, in which later mails of the conversation are looked for.
    private static let reach = 200
    private static let threadLimit = 20

    /// Checked before anything is planned, so that a slip of the finger closes nobody else's. Whether it is still open, and
    /// no other message answers it, is looked at again as the message is planned (`DispatchPlan.answers`).
    ///
    /// - Parameters:
    ///   - customer: who is written to; follow-ups of those merged into them are theirs too.
    ///   - key: of the message. When one was planned under it this is a repetition, which finds them closed by the first.
    /// - Throws: `DeskError` for a follow-up that is unknown, somebody else's or closed; `StoreError`.
    package static func read(
        _ ids: [FollowUpID], of customer: CustomerID, under key: String?,
        store: any FollowUpReading & CustomerStoring & LogReading & DispatchStoring
    ) async throws -> AnsweredFollowUps {
        guard !ids.isEmpty else { return AnsweredFollowUps() }
        let family = try await store.aliases(of: customer)
        var answered = AnsweredFollowUps(closes: ids)
        var opening: FollowUp?
        for id in ids {
            guard let followUp = try await store.followUp(id) else { throw DeskError.unknownFollowUp(id) }
            guard family.contains(followUp.customer) else { throw DeskError.foreignFollowUp(id, customer) }
            if followUp.state == .closed, try await !isPlanned(under: key, store: store) {
                throw DeskError.closedFollowUp(id)
            }
            if opening == nil, followUp.conversation != nil { opening = followUp }
        }
        guard let opening else { return answered }
        answered.conversation = opening.conversation
        answered.thread = try await thread(of: opening, customer: customer, store: store)
        return answered
    }

    private static func isPlanned(
        under key: String?, store: any DispatchStoring
    ) async throws(StoreError) -> Bool {
        guard let key else { return false }
        return try await store.dispatch(under: key) != nil
    }

    /// The mail that opened the follow-up, and those of the same conversation that came after it.
    private static func thread(
        of opening: FollowUp, customer: CustomerID, store: any LogReading
    ) async throws(StoreError) -> [String] {
        let first = InteractionID(opening.id.number)
        var rows = try await store.interaction(first, payload: false).map { [$0] } ?? []
        let recent = try await store.timeline(of: customer, before: nil, limit: reach, including: .effects)
        rows += recent.reversed().filter { row in
            row.id > first && row.references.conversation == opening.conversation
        }
        return rows.filter { $0.channel == .email && $0.direction == .inbound }.flatMap(\.ownNames)
            .suffix(threadLimit)
    }
}

extension Interaction {
    /// The names under which answers find this interaction's conversation.
    fileprivate var ownNames: [String] {
        effects.flatMap { effect -> [String] in if case .conversationNamed(_, let keys) = effect { keys } else { [] } }
    }
}

extension SingleMessage {
    /// The same message as an answer. A conversation that the writer named stays.
    package func answering(_ answered: AnsweredFollowUps) -> SingleMessage {
        var message = self
        message.closes = answered.closes
        message.conversation = conversation ?? answered.conversation
        message.thread = answered.thread
        return message
    }
}
