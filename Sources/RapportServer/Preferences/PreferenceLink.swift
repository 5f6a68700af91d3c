import RapportChannels
import RapportCore
import RapportHub
import RapportLog

/// What a link to the preference page opens, and what it shows of whoever opens it.
struct PreferenceLink: Hashable, Sendable {
    var customer: CustomerID
    /// The message that the link stood in.
    var message: DispatchID?
    /// Where that message went, and so whose the link is.
    var holder: Address?

    /// - Returns: `nil` for a token that is none of ours.
    static func read(_ token: String, services: HubServices) async throws(StoreError) -> PreferenceLink? {
        guard token.utf8.count <= 80 else { return nil }
        // Links of mails that left before each message had its own: they name the customer and no address.
        if let customer = services.tokens.verify(token, as: CustomerKind.self, purpose: .preferences) {
            return PreferenceLink(customer: customer)
        }
        guard let id = DispatchTokens.claimedDispatch(ofLink: token),
            let message = try await services.store.dispatch(id)
        else { return nil }
        func isLink(at address: Address) -> Bool { services.tokens.verify(link: token, of: id, at: address) }
        if isLink(at: message.address) {
            return PreferenceLink(customer: message.customer, message: id, holder: message.address)
        }
        // A copy may have reached its reader although it was reported as refused and the message took another route since.
        guard let earlier = try await services.store.routes(of: id).map(\.address).first(where: isLink) else {
            return nil
        }
        return PreferenceLink(customer: message.customer, message: id, holder: earlier)
    }
}
