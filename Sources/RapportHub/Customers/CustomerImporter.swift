import Foundation
package import RapportCore
package import RapportLog
package import RapportPolicy
import SwiftCSV

/// Brings customers in from a CSV file: known ones are brought up to date, bad lines are left out and named.
package struct CustomerImporter: Sendable {
    let store: any IntakeStoring & CustomerStoring & DispatchStoring
    let reader: ImportRowReader
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
    }

    /// - Parameters:
    ///   - rejects: where bad lines go, with a column `reason`; written only when there are any.
    ///   - progress: called after each page with the lines dealt with and all lines.
    /// - Throws: `ImportFileError` when the file as a whole can't be read, `StoreError`.
    package func run(
        file: String, rejects: String, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
    ) async throws -> Report {
        let table = try open(file)
        var report = Report()
        var rejected: [(cells: [String: String], reason: String)] = []
        for start in stride(from: 0, to: table.rows.count, by: pageSize) {
            try Task.checkCancellation()
            var rows: [ImportRow] = []
            for cells in table.rows[start..<min(start + pageSize, table.rows.count)] {
                do throws(ImportProblem) {
                    rows.append(try reader.read(cells))
                } catch {
                    rejected.append((cells, error.reason))
                }
            }
            let changes = try await changes(of: rows)
            let outcomes = try await commit(changes.rows, ledger: changes.ledger)
            report.unchanged += rows.count - changes.rows.count
            report.imported += rows.count
            report.created += outcomes.count { $0.customer?.number == $0.interaction.number }
            progress(start + rows.count, table.rows.count)
        }
        report.rejected = rejected.count
        if !rejected.isEmpty { try write(rejected, header: table.header, to: rejects) }
        return report
    }

    private func open(_ file: String) throws -> CSV<Named> {
        let table: CSV<Named>
        do {
            table = try CSV<Named>(url: URL(filePath: file))
        } catch {
            throw ImportFileError(file: file, message: "not there, or not a CSV file in UTF-8")
        }
        guard !Set(table.header).isDisjoint(with: ["id", "email", "phone"]) else {
            throw ImportFileError(file: file, message: "expected a first line with at least one of id, email and phone")
        }
        guard Set(table.header).count == table.header.count else {
            throw ImportFileError(file: file, message: "a column stands twice in the first line")
        }
        return table
    }

    /// The lines that change something, decided as the transaction will, on what is known just before it.
    private func changes(of rows: [ImportRow]) async throws(StoreError) -> (rows: [ImportRow], ledger: ConsentLedger) {
        var facts = IntakeFacts(nextPosition: .max / 2)
        facts.customersByAddress = try await store.customers(at: Array(Set(rows.flatMap(\.addresses))))
        facts.customers = try await store.customers(Array(Set(facts.customersByAddress.values.joined())))
        let ledger = try await ledger(of: rows, facts: facts)
        let decisions = ImportDecider(now: clock(), author: author, ledger: ledger).decide(rows, facts: &facts)
        let changed = zip(rows, decisions).filter { !$0.1.interactions[0].effects.isEmpty }.map(\.0)
        return (changed, ledger)
    }

    private func ledger(of rows: [ImportRow], facts: IntakeFacts) async throws(StoreError) -> ConsentLedger {
        let named = rows.filter { !$0.consents.isEmpty }.flatMap(\.addresses)
        let customers = Array(Set(named.flatMap { facts.customersByAddress[$0] ?? [] }))
        guard !customers.isEmpty else { return ConsentLedger() }
        let known = try await store.facts(customers.map { FactsQuery(customer: $0, addresses: []) })
        return ConsentLedger(Dictionary(zip(customers, known.map(\.consents))) { first, _ in first })
    }

    private func commit(_ rows: [ImportRow], ledger: ConsentLedger) async throws(StoreError) -> [IntakeOutcome] {
        guard !rows.isEmpty else { return [] }
        let now = clock()
        let decider = ImportDecider(now: now, author: author, ledger: ledger)
        return try await store.commit(
            rows.map { IntakeItem(key: nil, addresses: $0.addresses) },
            query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { new, facts in
            decider.decide(new.map { rows[$0] }, facts: &facts)
        }
    }

    private func write(
        _ rejected: [(cells: [String: String], reason: String)], header: [String], to path: String
    ) throws {
        var text = (header + ["reason"]).map(Self.quoted).joined(separator: ",") + "\n"
        for (cells, reason) in rejected {
            text += (header.map { cells[$0] ?? "" } + [reason]).map(Self.quoted).joined(separator: ",") + "\n"
        }
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// RFC 4180, section 2.
    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}

/// Why a customer file can't be read at all.
package struct ImportFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    package var message: String
    package var description: String { "\(file): \(message)" }
}
