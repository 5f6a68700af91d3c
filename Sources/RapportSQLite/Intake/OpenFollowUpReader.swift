import GRDB
import RapportCore
import RapportLog

/// Looks up what is open in the conversations that a batch may be about: by customer, conversation and kind, and never by
/// listing what customers wait for. A mailbox that writes by itself may have thousands open.
struct OpenFollowUpReader {
    /// What the events of one customer may be about.
    private struct Scope {
        var conversations: Set<String> = []
        var kinds: Set<String> = []
    }

    let transaction: Transaction
    /// With the customers by address, the dispatches and the conversations of the batch.
    let facts: IntakeFacts
    let rootOf: [Int64: Int64]
    /// Member -> root, for all of these roots.
    let members: [Int64: Int64]

    func followUps(of items: [IntakeItem]) throws -> Set<OpenFollowUp> {
        let scopes = scopes(of: items)
        var open: Set<OpenFollowUp> = []
        for (member, root) in members {
            guard let scope = scopes[root] else { continue }
            for conversation in scope.conversations {
                for kind in scope.kinds where try isOpen(member, conversation, kind) {
                    open.insert(OpenFollowUp(customer: CustomerID(root), conversation: conversation, kind: kind))
                }
            }
        }
        return open
    }

    /// An item that opens nothing itself may still name the conversation of one that does.
    private func scopes(of items: [IntakeItem]) -> [Int64: Scope] {
        guard items.contains(where: { $0.followUpKind != nil }) else { return [:] }
        var scopes: [Int64: Scope] = [:]
        for item in items {
            let dispatch = item.dispatch.flatMap { facts.dispatches[$0] }
            let known = item.conversationKeys.compactMap { facts.conversations[$0] }
            var customers = item.addresses.flatMap { facts.customersByAddress[$0] ?? [] }
            customers += [item.customer, dispatch?.customer].compactMap { $0 } + known.compactMap(\.customer)
            var conversations = known.map(\.conversation)
            conversations += [item.conversation, dispatch.map { ConversationName.dispatch($0.id) }].compactMap { $0 }
            for root in Set(customers.compactMap { rootOf[$0.number] }) {
                scopes[root, default: Scope()].conversations.formUnion(
                    conversations + [ConversationName.sms(CustomerID(root))])
                if let kind = item.followUpKind { scopes[root, default: Scope()].kinds.insert(kind) }
            }
        }
        return scopes
    }

    private func isOpen(_ customer: Int64, _ conversation: String, _ kind: String) throws -> Bool {
        try transaction.db.number(
            """
            SELECT EXISTS (
                SELECT 1 FROM follow_up INDEXED BY follow_up_open_by_customer
                WHERE customer = ? AND conversation = ? AND kind = ? AND closed = 0)
            """, [customer, conversation, kind]) == 1
    }
}
