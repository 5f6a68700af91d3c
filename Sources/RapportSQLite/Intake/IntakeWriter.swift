import GRDB
import RapportCore
import RapportLog

/// One batch on its way into the log.
struct IntakeWriter {
    let transaction: Transaction
    let query: IntakeQuery
    private var repetitions: Repetitions

    init(_ transaction: Transaction, _ query: IntakeQuery, recent: RecentRepetitions) throws {
        self.transaction = transaction
        self.query = query
        repetitions = try Repetitions(transaction.db, recent: recent)
    }

    /// What an item turned out to be.
    private enum Found {
        case new
        case inLog(Int64)
        /// The same as an earlier item of the batch.
        case again(Int)
    }

    mutating func commit(
        _ batch: [IntakeItem], decide: ([Int], inout IntakeFacts) -> [IntakeDecision]
    ) throws -> [IntakeOutcome] {
        let found = try found(batch)
        let new = batch.indices.filter { if case .new = found[$0] { true } else { false } }
        var outcomes: [Int: IntakeOutcome] = [:]
        outcomes.reserveCapacity(new.count)
        if !new.isEmpty {
            var log = try LogAppender(transaction)
            var facts = try IntakeFactsReader(transaction: transaction, query: query)
                .facts(about: new.map { batch[$0] }, nextPosition: log.firstFreePosition)
            let decisions = decide(new, &facts)
            if decisions.isEmpty { return [] }
            guard decisions.count == new.count else {
                throw StoreError(.contract, "appending: one decision for each new event is needed")
            }
            try log.expect(decisions.lazy.flatMap(\.interactions), known: facts.customers)
            for (index, decision) in zip(new, decisions) {
                outcomes[index] = try append(decision, of: batch[index], to: &log)
            }
            try log.finish()
        }
        let written = try customers(found.compactMap { if case .inLog(let position) = $0 { position } else { nil } })
        let results = try results(of: batch, found, outcomes, written)
        try repetitions.finish()
        return results
    }

    private func results(
        of batch: [IntakeItem], _ found: [Found], _ outcomes: [Int: IntakeOutcome], _ written: [Int64: CustomerID?]
    ) throws -> [IntakeOutcome] {
        try batch.indices.map { index in
            switch found[index] {
            case .new: break
            case .inLog(let position):
                return IntakeOutcome(
                    interaction: InteractionID(position), customer: written[position] ?? nil, isRepetition: true)
            case .again(let first):
                guard var outcome = outcomes[first] else { break }
                outcome.isRepetition = true
                return outcome
            }
            guard let outcome = outcomes[index] else { throw StoreError(.contract, "appending: an event got lost") }
            return outcome
        }
    }

    private func found(_ batch: [IntakeItem]) throws -> [Found] {
        let positions = try repetitions.positions(
            of: Set(batch.compactMap(\.key)), at: query.recordedAt.milliseconds)
        var first: [Hash128: Int] = [:]
        first.reserveCapacity(batch.count)
        return batch.enumerated().map { index, item in
            guard let key = item.key else { return .new }
            if let earlier = first[key.hash] { return .again(earlier) }
            if let position = positions[key] { return .inLog(position) }
            first[key.hash] = index
            return .new
        }
    }

    private mutating func append(
        _ decision: IntakeDecision, of item: IntakeItem, to log: inout LogAppender
    ) throws -> IntakeOutcome {
        guard let event = decision.interactions.first else {
            throw StoreError(.contract, "appending: an event became no row")
        }
        try log.append(decision.interactions)
        if let key = item.key { repetitions.remember(key, event.id.number) }
        if let reference = decision.parkedUnder {
            try ReceiptNames(transaction).park(event.id.number, under: reference)
        }
        if let receipt = decision.unparks, let dispatch = try ReceiptNames(transaction).unpark(receipt.number) {
            try log.redact(parked: receipt.number, of: dispatch)
        }
        return IntakeOutcome(interaction: event.id, customer: event.customer, isRepetition: false)
    }

    private func customers(_ positions: [Int64]) throws -> [Int64: CustomerID?] {
        guard !positions.isEmpty else { return [:] }
        var customers: [Int64: CustomerID?] = [:]
        try transaction.db.each(
            "SELECT position, customer FROM interaction WHERE position IN (SELECT value FROM json_each(?))",
            [Bound.list(positions)]
        ) { customers[$0[0]] = ($0[1] as Int64?).map(CustomerID.init) }
        return customers
    }
}
