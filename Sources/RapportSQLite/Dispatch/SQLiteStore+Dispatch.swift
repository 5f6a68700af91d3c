import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: DispatchStoring {
    package func plan(_ plans: [DispatchPlan], at now: Timestamp) async throws(StoreError) -> [PlannedDispatch] {
        guard !plans.isEmpty else { return [] }
        return try await commits.write("planning", weight: plans.count) { try DispatchPlanner($0).plan(plans) }
    }

    package func claim(
        _ query: ClaimQuery, decide: @escaping @Sendable ([ClaimCandidate]) -> [ClaimDecision]
    ) async throws(StoreError) -> [ClaimedDispatch] {
        guard query.limit > 0 else { return [] }
        return try await commits.write("claiming", weight: query.limit) { transaction in
            let ids = try WaitingQueue(transaction).due(query)
            guard !ids.isEmpty else { return [] }
            let candidates = try CandidateReader(transaction).candidates(ids)
            let decisions = decide(candidates)
            guard decisions.count == candidates.count else {
                throw StoreError(.contract, "claiming: one decision for each candidate is needed")
            }
            let writer = ClaimWriter(transaction: transaction, query: query)
            return try zip(decisions, candidates).compactMap { try writer.write($0, about: $1) }
        }
    }

    package func handOff(
        _ ids: [DispatchID], node: Int64, at now: Timestamp
    ) async throws(StoreError) -> Set<DispatchID> {
        guard !ids.isEmpty else { return [] }
        return try await commits.write("handing off", weight: ids.count) {
            try HandOff($0).handOff(ids, node: node, at: now)
        }
    }

    package func record(
        _ results: [DispatchResult], at now: Timestamp,
        rows: @escaping @Sendable (_ firstPosition: Int64) -> [Interaction]
    ) async throws(StoreError) {
        try await commits.write("recording", weight: results.count) { transaction in
            try ResultWriter(transaction).write(results, at: now)
            var log = try LogAppender(transaction)
            try log.append(rows(log.firstFreePosition))
            try log.finish()
        }
    }

    package func release(node: Int64, at now: Timestamp) async throws(StoreError) -> Int {
        try await commits.write("releasing") { transaction in
            try transaction.db.change(
                """
                UPDATE dispatch SET state = 0, waiting = 1, node = NULL, claimed_at = NULL
                WHERE node = ? AND state = 2
                """, [node])
        }
    }

    package func recover(node: Int64, at now: Timestamp) async throws(StoreError) -> Recovery {
        try await commits.write("recovering") { try Recoverer($0).recover(node: node, at: now) }
    }

    package func dispatch(_ id: DispatchID) async throws(StoreError) -> DispatchRow? {
        try await read("reading a dispatch") { try DispatchReader($0).row(id) }
    }

    package func nextDue() async throws(StoreError) -> Timestamp? {
        try await read("reading the queue") { try WaitingQueue($0).nextDue() }
    }

    package func facts(_ queries: [FactsQuery]) async throws(StoreError) -> [ContactFacts] {
        try await read("reading facts") { transaction in
            let rootOf = try transaction.roots(Set(queries.map(\.customer.number)))
            let roots = Set(rootOf.values)
            let members = try transaction.members(of: roots)
            let customers = try CustomerReader(transaction).customers(roots, members: members)
            let subjects = queries.map { query in
                // Somebody nobody knows has no facts but those of the address.
                let customer = rootOf[query.customer.number].flatMap { customers[$0] } ?? Customer(id: query.customer)
                return FactsReader.Subject(customer: customer, addresses: query.addresses)
            }
            return try FactsReader(transaction).facts(subjects, members: members)
        }
    }
}
