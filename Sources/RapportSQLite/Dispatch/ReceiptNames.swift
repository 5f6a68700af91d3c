import GRDB
import RapportCore

/// Finds dispatches by the ids that providers gave our messages, and the receipts that came before such an id was known.
struct ReceiptNames {
    let transaction: Transaction
    private var db: Database { transaction.db }
    private var keys: DispatchKeys { DispatchKeys(db: db, space: .providerMessage) }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// From now on the provider's id leads to this dispatch; receipts that wait for it are matched.
    func name(_ dispatch: Int64, _ messageID: String, adapter: Int64) throws {
        let hash = Hash128(try transaction.text(adapter), messageID)
        try keys.set(hash, dispatch)
        try db.run(
            """
            UPDATE parked_receipt SET dispatch = ? WHERE dispatch IS NULL AND high = ? AND low = ?
            """, [dispatch, hash.high, hash.low])
    }

    func find(_ reference: DispatchReference) throws -> Int64? {
        switch reference {
        case .dispatch(let id):
            try db.first("SELECT id FROM dispatch WHERE id = ?", [id.number]) { $0[0] as Int64 }
        case .provider(let adapter, let messageID): try keys.find(Hash128(adapter, messageID))
        }
    }

    func park(_ position: Int64, under reference: DispatchReference) throws {
        let hash =
            switch reference {
            case .dispatch(let id): Hash128("dispatch", id.description)
            case .provider(let adapter, let messageID): Hash128(adapter, messageID)
            }
        try db.run(
            "INSERT INTO parked_receipt (position, high, low, dispatch) VALUES (?, ?, ?, ?)",
            [position, hash.high, hash.low, try find(reference)])
    }

    /// - Returns: the dispatch that the receipt turned out to be about.
    func unpark(_ position: Int64) throws -> Int64? {
        let dispatch = try db.first("SELECT dispatch FROM parked_receipt WHERE position = ?", [position]) {
            $0[0] as Int64?
        }
        try db.run("DELETE FROM parked_receipt WHERE position = ?", [position])
        return dispatch ?? nil
    }
}
