import RapportCore
import RapportLog

/// Whose event it is: the addresses it names against the customers who have them.
struct IdentityResolution: Hashable, Sendable {
    /// `nil` when nobody with these addresses is known.
    var customer: CustomerID?
    /// Addresses that nobody has yet.
    var unknown: [Address]
    /// Customers that other addresses of the same event belong to, and who share none with the chosen one.
    var conflicts: [CustomerID]

    /// Addresses are taken in order: those that a customer shares with another narrow each other down (a couple's
    /// common number and one's own mailbox name that one), and when two have nobody in common the first address wins.
    init(addresses: [Address], customersByAddress: [Address: [CustomerID]]) {
        unknown = addresses.filter { (customersByAddress[$0] ?? []).isEmpty }
        let known = addresses.compactMap { customersByAddress[$0] }.filter { !$0.isEmpty }
        guard var candidates = known.first else {
            customer = nil
            conflicts = []
            return
        }
        var others: [CustomerID] = []
        for group in known.dropFirst() {
            let common = candidates.filter(group.contains)
            if common.isEmpty {
                others += group.filter { !others.contains($0) }
            } else {
                candidates = common
            }
        }
        customer = candidates.first
        conflicts = others.filter { !candidates.contains($0) }
    }
}
