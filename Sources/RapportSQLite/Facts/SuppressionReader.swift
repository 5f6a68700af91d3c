import GRDB
import RapportCore

/// Reads suppressions by address, those kept under a pseudonym after an erasure included.
struct SuppressionReader {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// - Parameters:
    ///   - numbers: of those addresses that are known, by URI.
    ///   - showingPseudonyms: whether what stands for an erased customer's address names its pseudonym, and not the
    ///     address that was asked for.
    func suppressions(
        of addresses: some Collection<Address>, numbers: [String: Int64], showingPseudonyms: Bool = false
    ) throws -> [Address: [Suppression]] {
        var addressOf: [Int64: Address] = [:]
        var pseudonymOf: [Int64: Address] = [:]
        for address in addresses {
            if let number = numbers[address.uri] { addressOf[number] = address }
        }
        // Working out the pseudonym of every address costs as much as reading its facts.
        if try transaction.isAnybodyErased() {
            let known = Dictionary(
                addresses.map { (transaction.pseudonyms.uri(for: $0.uri), $0) },
                uniquingKeysWith: { first, _ in first })
            for (uri, number) in try transaction.addressIDs(known.keys) {
                addressOf[number] = known[uri]
                if showingPseudonyms { pseudonymOf[number] = Address(normalized: uri) }
            }
        }
        guard !addressOf.isEmpty else { return [:] }
        var found: [Address: [Suppression]] = [:]
        try transaction.db.each(
            """
            SELECT address, position, ordinal, reason, at, until FROM suppression INDEXED BY suppression_by_address
            WHERE address IN (SELECT value FROM json_each(?))
            ORDER BY position, ordinal
            """, [Bound.list(addressOf.keys)]
        ) { row in
            guard let address = addressOf[row[0]] else { return }
            let reason: String = row[3]
            guard let reason = Suppression.Reason(rawValue: reason) else {
                throw UnknownCode(type: "suppression", code: row[1])
            }
            found[address, default: []].append(
                Suppression(
                    id: EntryID(position: row[1], ordinal: row[2]), address: pseudonymOf[row[0]] ?? address,
                    reason: reason, at: row.instant(4), until: row.instant(ifAny: 5)))
        }
        return found
    }
}
