package import RapportCore
package import RapportLog
package import RapportPolicy

/// Brings customers in from a CSV file: known ones are brought up to date, bad lines are left out and named.
package struct CustomerImporter: Sendable {
    let store: any IntakeStoring & CustomerStoring & DispatchStoring
    let reader: ImportRowReader
    let policy: ContactPolicy
    let clock: Clock
    let author: String
    private let pageSize = 500

    package init(
        store: any IntakeStoring & CustomerStoring & DispatchStoring, normalizer: any AddressNormalizing,
        region: String, policy: ContactPolicy, zones: ZoneDatabase = .system, clock: @escaping Clock, author: String
    ) {
        self.store = store
        reader = ImportRowReader(
            normalizer: normalizer, region: region, topics: Set(policy.topics.map(\.name)), zones: zones)
        self.policy = policy
        self.clock = clock
        self.author = author
    }

    package struct Report: Hashable, Sendable {
        /// Good lines, those that changed nothing included.
        package var imported = 0
        package var created = 0
        /// Lines that say what is known already; nothing is written for them.
        package var unchanged = 0
        package var rejected = 0
        /// Grants of the file that count only when the customer confirms them (`doubleOptIn`), and were not confirmed yet.
        package var unconfirmed = 0
    }

    /// - Parameters:
    ///   - rejects: where bad lines go, with a last column that says why (`RejectedReason`); what an earlier run left there
    ///     goes when there are none.
    ///   - progress: called after each page with the lines dealt with and all lines.
    /// - Throws: `ImportFileError` when the file as a whole can't be read, `StoreError`.
    package func run(
        file: String, rejects: String, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
    ) async throws -> Report {
        var table = try ImportTable(file: file, keys: ["id", "email", "phone"])
        var report = Report()
        while table.linesRead < table.lineCount {
            try Task.checkCancellation()
            // A yes without a date is dated before the ledger is read, so that a no of the meantime is later and holds.
            let now = clock()
            let page = table.page(pageSize) { (cells) throws(ImportProblem) in try reader.read(cells) }
            let ledger = try await ledger(of: page.map(\.content))
            let changed = try await changes(
                of: page, ledger: ledger, at: now, report: &report, rejected: &table.rejected)
            let outcomes = try await commit(changed, ledger: ledger, at: now)
            report.created += outcomes.count { $0.customer?.number == $0.interaction.number }
            progress(table.linesRead, table.lineCount)
        }
        report.rejected = table.rejected.count
        let column = RejectedReason.column(beside: table.header)
        try table.rejected.write(to: rejects, header: table.header, reasons: column)
        return report
    }

    private typealias Line = ImportTable.Line<ImportRow>

    /// The lines that change something, decided as the transaction will, on what is known just before it.
    private func changes(
        of page: [Line], ledger: ConsentLedger, at now: Timestamp, report: inout Report, rejected: inout RejectedLines
    ) async throws(StoreError) -> [ImportRow] {
        var facts = IntakeFacts(nextPosition: .max / 2)
        facts.customersByAddress = try await store.customers(at: Array(Set(page.flatMap(\.content.addresses))))
        facts.customers = try await store.customers(Array(Set(facts.customersByAddress.values.joined())))
        var decider = ImportDecider(now: now, author: author, policy: policy, ledger: ledger)
        var changed: [ImportRow] = []
        for (row, content) in page {
            do throws(ImportProblem) {
                try decider.check(content, facts: facts)
            } catch {
                rejected.add(row, error.reason)
                continue
            }
            report.imported += 1
            let row = decider.decide(content, facts: &facts).interactions[0]
            if let customer = row.customer { report.unconfirmed += decider.unconfirmed(content, of: customer) }
            if row.effects.isEmpty {
                report.unchanged += 1
            } else {
                changed.append(content)
            }
        }
        return changed
    }

    private func ledger(of rows: [ImportRow]) async throws(StoreError) -> ConsentLedger {
        let named = rows.filter { !$0.consents.isEmpty }.flatMap(\.addresses)
        let customers = Array(Set(try await store.customers(at: Array(Set(named))).values.joined()))
        guard !customers.isEmpty else { return ConsentLedger() }
        let addresses = try await store.customers(customers).mapValues(\.addresses)
        let known = try await store.facts(
            customers.map { FactsQuery(customer: $0, addresses: addresses[$0] ?? []) }, lookback: .nothing)
        // A dated yes takes back a no at an address when a file said it; who said it stands in the ledger alone.
        let hasDatedYes = rows.contains { $0.consents.contains { $0.state == .granted && $0.at != nil } }
        var fromFiles: Set<String> = []
        for (customer, facts) in zip(customers, known) where hasDatedYes {
            let own = facts.consents.filter { $0.customer == customer.description }
            guard own.contains(where: { $0.state == .denied && $0.address != nil }) else { continue }
            let entries = try await store.consents(of: customer)
            fromFiles.formUnion(entries.filter { $0.method == ConsentLedger.fileMethod }.map { $0.id.text("k") })
        }
        return ConsentLedger(
            Dictionary(zip(customers, known.map(\.consents))) { first, _ in first }, fromFiles: fromFiles)
    }

    private func commit(
        _ rows: [ImportRow], ledger: ConsentLedger, at now: Timestamp
    ) async throws(StoreError) -> [IntakeOutcome] {
        guard !rows.isEmpty else { return [] }
        let decider = ImportDecider(now: now, author: author, policy: policy, ledger: ledger)
        return try await store.commit(
            rows.map { IntakeItem(key: nil, addresses: $0.addresses) },
            query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { new, facts in
            var decider = decider
            return decider.decide(new.map { rows[$0] }, facts: &facts)
        }
    }
}
