import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: DispatchStoring {
    package func plan(
        _ plans: [DispatchPlan], saying definition: String?, at now: Timestamp
    ) async throws(StoreError) -> [PlannedDispatch] {
        guard !plans.isEmpty else { return [] }
        return try await commits.write("planning", weight: plans.count, changesFacts: false) {
            try DispatchPlanner($0).plan(plans, saying: definition)
        }
    }

    package func claim(
        _ query: ClaimQuery, decide: @escaping @Sendable ([ClaimCandidate]) -> [ClaimDecision]
    ) async throws(StoreError) -> [ClaimedDispatch] {
        guard query.limit > 0 else { return [] }
        // Reading and judging is most of a claim: it is done beside the writing connection, which only makes sure that
        // nothing of what was read has changed, and does it over again when something has.
        let mark = changes.mark
        let early = try await read("judging") { try Judgement($0, query, decide: decide) }
        guard !early.candidates.isEmpty else { return [] }
        return try await commits.write("claiming", weight: early.candidates.count, changesFacts: false) { transaction in
            let judgement =
                early.holds(since: mark, in: transaction)
                ? early : try Judgement(transaction, query, decide: decide)
            return try ClaimWriter(transaction: transaction, query: query).write(judgement)
        }
    }

    package func handOff(
        _ ids: [DispatchID], node: Int64, at now: Timestamp
    ) async throws(StoreError) -> Set<DispatchID> {
        guard !ids.isEmpty else { return [] }
        return try await commits.write("handing off", weight: ids.count, changesFacts: false) {
            try HandOff($0).handOff(ids, node: node, at: now)
        }
    }

    package func record(
        _ results: [DispatchResult], node: Int64, at now: Timestamp,
        rows: @escaping @Sendable (_ firstPosition: Int64) -> [Interaction]
    ) async throws(StoreError) {
        try await commits.write("recording", weight: results.count, changesFacts: false) { transaction in
            var writer = ResultWriter(transaction, node: node)
            try writer.write(results, at: now)
            var log = try LogAppender(transaction)
            try log.append(rows(log.firstFreePosition), settled: writer.settled)
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

    package func planned(under key: String, digest: String?) async throws(StoreError) -> PlannedDispatch? {
        try await read("reading a dispatch") { transaction in
            try DispatchKeys(db: transaction.db, space: .singleMessage).planned(under: key, digest: digest)
        }
    }

    package func nextDue(
        without lanes: Set<CampaignLane>, adapters: Set<String>?
    ) async throws(StoreError) -> Timestamp? {
        try await read("reading the queue") { try WaitingQueue($0).nextDue(without: lanes, adapters: adapters) }
    }

    package func facts(
        _ queries: [FactsQuery], lookback: Lookback
    ) async throws(StoreError) -> [ContactFacts] {
        try await read("reading facts") { transaction in
            let standing = try CustomerReader(transaction)
                .standingWithoutAddresses(for: Set(queries.map(\.customer.number)))
            let subjects = queries.map { query in
                // Somebody nobody knows has no facts but those of the address.
                let customer = standing.rootOf[query.customer.number].flatMap { standing.customers[$0] }
                return FactsReader.Subject(
                    customer: customer ?? Customer(id: query.customer), addresses: query.addresses)
            }
            let campaigns = try Set(queries.lazy.compactMap(\.campaign)).compactMap {
                try CampaignTable(transaction).id(of: $0)
            }
            return try FactsReader(transaction).facts(
                subjects, members: standing.members,
                past: DispatchFactsReader.Wanted(
                    lookback: lookback, campaigns: Set(campaigns), contents: Set(queries.compactMap(\.content)),
                    offers: Set(queries.compactMap(\.offer))))
        }
    }
}
