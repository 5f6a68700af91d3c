import GRDB
package import RapportLog

extension SQLiteStore: IntakeStoring {
    package func commit(
        _ batch: [IntakeItem], query: IntakeQuery,
        decide: @escaping @Sendable (_ new: [Int], _ facts: inout IntakeFacts) -> [IntakeDecision]
    ) async throws(StoreError) -> [IntakeOutcome] {
        guard !batch.isEmpty else { return [] }
        return try await commits.write("appending", weight: batch.count, changesFacts: false) { [repetitions] in
            var writer = try IntakeWriter($0, query, recent: repetitions)
            return try writer.commit(batch, decide: decide)
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
