/// What an interaction changes in the projections, decided once, when the row is written, and stored with it.
///
/// The projections are the fold of all effects in log order, so `rapport rebuild` needs neither the configuration of
/// the day nor the code that decided. Applying an effect twice to the state it led to changes nothing.
package enum Effect: Hashable, Sendable, Codable {
    /// A customer that was not known before; its id is the position of this interaction.
    case customerCreated(CustomerID)
    /// Replaces the whole profile.
    case profileSet(CustomerID, Customer.Profile)
    case addressAttached(CustomerID, Address)
    case addressDetached(CustomerID, Address)
    case consentRecorded(ConsentEntry)
    case suppressed(Suppression)
    /// Ends the suppressions of this address that have this reason; those with other reasons stay.
    case suppressionLifted(Address, Suppression.Reason)
    /// A receipt: joins the dispatch's state with this one (`DispatchState.joined(with:)`).
    case dispatchAdvanced(DispatchID, DispatchState)
    /// The customer answered this campaign, which ends it for them.
    case responded(CustomerID, campaign: String)
    case followUpOpened(FollowUp)
    case followUpClosed(FollowUpID, at: Timestamp, resolution: String)
    case followUpAssigned(FollowUpID, owner: String?)
    /// Later events that answer one of these names belong to this conversation.
    case conversationNamed(String, keys: [String])
    /// `from` lives on as an alias of `into`: rows keep the id they were written with, readers see one customer.
    case merged(from: CustomerID, into: CustomerID)
    case unmerged(from: CustomerID, into: CustomerID)
    /// One event named these others beside the customer: they may be one person, which a colleague must decide.
    case identityConflicted(CustomerID, with: [CustomerID])
    /// A colleague says that these two are not one: what named them together is settled, and opens nothing again.
    case toldApart(CustomerID, CustomerID)
    /// Personal data is gone; what is left is the id, the positions and the keyed hashes of suppressed addresses.
    case erased(CustomerID)
}
