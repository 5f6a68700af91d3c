import GRDB
import RapportCore

/// Reads suppressions by address, those kept under a pseudonym after an erasure included.
struct SuppressionReader {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func suppressions(of addresses: some Collection<Address>) throws -> [Address: [Suppression]] {
        guard !addresses.isEmpty else { return [:] }
        var addressOf: [String: Address] = [:]
        let someoneIsErased = try hasPseudonyms()
        for address in addresses {
            addressOf[address.uri] = address
            if someoneIsErased { addressOf[transaction.pseudonyms.uri(for: address.uri)] = address }
        }
        var found: [Address: [Suppression]] = [:]
        try transaction.db.each(
            """
            SELECT a.uri, s.position, s.ordinal, s.reason, s.at, s.until
            FROM address a CROSS JOIN suppression s ON s.address = a.id
            WHERE a.uri IN (SELECT value FROM json_each(?))
            ORDER BY s.position, s.ordinal
            """, [Bound.list(addressOf.keys)]
        ) { row in
            guard let address = addressOf[row[0]] else { return }
            let reason: String = row[3]
            guard let reason = Suppression.Reason(rawValue: reason) else {
                throw UnknownCode(type: "suppression", code: row[1])
            }
            found[address, default: []].append(
                Suppression(
                    id: EntryID(position: row[1], ordinal: row[2]), address: address, reason: reason,
                    at: row.instant(4),
                    until: row.instant(ifAny: 5)))
        }
        return found
    }

    /// Whether anybody was ever erased: working out the pseudonym of every address costs as much as reading its facts.
    private func hasPseudonyms() throws -> Bool {
        try transaction.db.first(
            "SELECT 1 FROM address WHERE uri >= ? AND uri < ? LIMIT 1", [Pseudonyms.prefix, Pseudonyms.end]
        ) { _ in true } ?? false
    }
}
