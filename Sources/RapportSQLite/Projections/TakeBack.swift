import GRDB
import RapportCore

/// Plans again what was claimed and not yet handed off, when something was committed that the verdict did not know:
/// the next claim asks the policy anew, and `handOff` does not return it.
struct TakeBack {
    let transaction: Transaction
    let isActive: Bool

    private static let toPlanned = """
        UPDATE dispatch SET state = 0, waiting = 1, node = NULL, claimed_at = NULL
        WHERE state = 2
        """

    func dispatches(to address: Address) throws {
        guard isActive else { return }
        try transaction.db.run(
            Self.toPlanned + " AND address = (SELECT id FROM address WHERE uri = ?)", [address.uri])
    }

    func dispatches(after denial: ConsentEntry) throws {
        guard isActive else { return }
        if let address = denial.address { try dispatches(to: address) }
        try dispatches(of: denial.customer)
    }

    func dispatches(of customer: CustomerID) throws {
        guard isActive else { return }
        let roots = try transaction.roots([customer.number])
        let members = try transaction.members(of: Array(roots.values))
        try transaction.db.run(
            Self.toPlanned + " AND customer IN (SELECT value FROM json_each(?))", [Bound.list(members.keys)])
    }

    func dispatches(ofCampaign id: Int64) throws {
        // Few rows are in hand; a campaign may have a million.
        try transaction.db.run(
            """
            UPDATE dispatch INDEXED BY dispatch_in_hand SET state = 0, waiting = 1, node = NULL, claimed_at = NULL
            WHERE node IS NOT NULL AND campaign = ? AND state = 2
            """, [id])
    }
}
