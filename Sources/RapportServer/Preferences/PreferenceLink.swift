import RapportChannels
import RapportCore
import RapportHub
import RapportLog

/// What a link to the preference page opens, and what it shows of whoever opens it.
///
/// A link that was sent to an address is of whoever has the address now: the customer of the message, as long as they
/// have it, and after an unmerge the one whose it is again.
struct PreferenceLink: Hashable, Sendable {
    /// Whose page it is; `nil`: several have the address now, or nobody does.
    var customer: CustomerID?
    /// Whose no it is to leave by one click, which needs no page: where several have the address, the one who wrote from
    /// it last. Where that is not whose page it is, it holds at the address, for all who have it, and nowhere else.
    var leaver: CustomerID?
    /// The message that the link stood in.
    var message: DispatchID?
    /// Where that message went, and so whose the link is.
    var holder: Address?

    /// - Returns: `nil` for a token that is none of ours.
    static func read(_ token: String, services: HubServices) async throws(StoreError) -> PreferenceLink? {
        guard token.utf8.count <= 80 else { return nil }
        // Links of mails that left before each message had its own: they name the customer and no address.
        if let customer = services.tokens.verify(token) {
            return PreferenceLink(customer: customer, leaver: customer)
        }
        guard let id = DispatchTokens.claimedDispatch(ofLink: token),
            let message = try await services.store.dispatch(id)
        else { return nil }
        func isLink(at address: Address) -> Bool { services.tokens.verify(link: token, of: id, at: address) }
        if isLink(at: message.address) {
            return try await PreferenceLink(message, at: message.address, services: services)
        }
        // A copy may have reached its reader although it was reported as refused and the message took another route since.
        guard let earlier = try await services.store.routes(of: id).map(\.address).first(where: isLink) else {
            return nil
        }
        return try await PreferenceLink(message, at: earlier, services: services)
    }

    private init(customer: CustomerID?, leaver: CustomerID?, message: DispatchID? = nil, holder: Address? = nil) {
        self.customer = customer
        self.leaver = leaver
        self.message = message
        self.holder = holder
    }

    private init(_ message: DispatchRow, at holder: Address, services: HubServices) async throws(StoreError) {
        let owners = try await services.store.customers(at: [holder])[holder] ?? []
        let known = try await services.store.customers([message.customer])[message.customer]
        let addressee = known.flatMap { $0.erased ? nil : $0.id }
        if let addressee, owners.contains(addressee) {
            self.init(customer: addressee, leaver: addressee, message: message.id, holder: holder)
        } else {
            self.init(
                customer: owners.count == 1 ? owners[0] : nil, leaver: owners.first ?? addressee, message: message.id,
                holder: holder)
        }
    }
}
