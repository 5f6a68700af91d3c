import GRDB
package import RapportLog

extension SQLiteStore: IntakeStoring {
    package func commit(
        upTo limit: Int, gathering gather: @escaping @Sendable () -> IntakeBatch
    ) async throws(StoreError) -> [IntakeOutcome] {
        try await commits.write("appending", weight: limit, changesFacts: false) { [repetitions] in
            let batch = gather()
            var writer = try IntakeWriter($0, batch.query, recent: repetitions)
            return try writer.commit(batch.items, decide: batch.decide)
        }
    }

    package func matchedReceipts(limit: Int) async throws(StoreError) -> [MatchedReceipt] {
        try await read("reading parked receipts") { transaction in
            let matched = try transaction.db.list(
                """
                SELECT position, dispatch FROM parked_receipt WHERE dispatch IS NOT NULL ORDER BY position LIMIT ?
                """, [limit]
            ) { (position: $0[0] as Int64, dispatch: $0[1] as Int64) }
            let receipts = try LogReader(transaction).rows(at: matched.map(\.position))
            let summaries = try DispatchSummaries(transaction).summaries(Set(matched.map(\.dispatch)))
            return zip(matched, receipts).compactMap { match, receipt in
                summaries[match.dispatch].map { MatchedReceipt(receipt: receipt, dispatch: $0) }
            }
        }
    }
}
