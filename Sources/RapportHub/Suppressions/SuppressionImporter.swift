package import RapportCore
package import RapportLog

/// Brings in addresses that must not be used from a CSV file: those that are suppressed already stay as they are, bad
/// lines are left out and named.
package struct SuppressionImporter: Sendable {
    let store: any IntakeStoring & CustomerStoring
    let reader: SuppressionRowReader
    let clock: Clock
    let author: String
    private let pageSize = 500

    package init(
        store: any IntakeStoring & CustomerStoring, normalizer: any AddressNormalizing, region: String,
        clock: @escaping Clock, author: String
    ) {
        self.store = store
        reader = SuppressionRowReader(normalizer: normalizer, region: region)
        self.clock = clock
        self.author = author
    }

    package struct Report: Hashable, Sendable {
        package var added = 0
        /// Addresses that were suppressed for the reason already, and for as long; nothing is written for them.
        package var known = 0
        /// Lines that were left out.
        package var rejected = 0
        /// Columns that mean nothing here and were not read.
        package var ignored: [String] = []
    }

    /// - Parameters:
    ///   - rejects: where bad lines go, with a last column that says why; what an earlier run left there goes when
    ///     there are none.
    ///   - progress: called after each page with the lines dealt with and all lines.
    /// - Throws: `ImportFileError` when the file as a whole can't be read, `StoreError`.
    package func run(
        file: String, rejects: String, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
    ) async throws -> Report {
        var table = try ImportTable(file: file, keys: ["address", "email", "phone"])
        var report = Report(ignored: table.header.filter { !SuppressionRowReader.columns.contains($0) })
        while table.linesRead < table.lineCount {
            try Task.checkCancellation()
            let now = clock()
            let page = table.page(pageSize) { (cells) throws(ImportProblem) in try reader.read(cells, at: now) }
            let entries = page.flatMap(\.content)
            let added = try await add(entries, at: now)
            report.added += added
            report.known += entries.count - added
            progress(table.linesRead, table.lineCount)
        }
        report.rejected = table.rejected.count
        // A column called ‘reason’ is read here, so why a line was rejected never stands in one.
        let column = RejectedReason.column(beside: table.header + ["reason"])
        try table.rejected.write(to: rejects, header: table.header, reasons: column)
        return report
    }

    /// Writes what is not known yet, decided as the transaction will, on what is known just before it. Where somebody
    /// else adds one of them meanwhile nothing is written, and what is new is looked up again.
    ///
    /// - Returns: how many were new.
    private func add(_ entries: [SuppressionEntry], at now: Timestamp) async throws -> Int {
        let decider = SuppressionDecider(now: now, adapter: "cli", author: author)
        let addresses = Array(Set(entries.map(\.address)))
        while true {
            try Task.checkCancellation()
            var known = IntakeFacts(nextPosition: .max / 2)
            known.suppressions = Dictionary(grouping: try await store.suppressions(of: addresses), by: \.address)
            var new: [SuppressionEntry] = []
            for entry in entries {
                if decider.add(entry, facts: &known) != nil { new.append(entry) }
            }
            guard !new.isEmpty else { return 0 }
            let outcomes = try await store.commit(
                new.map { decider.item(about: $0.address) }, query: decider.query
            ) { [new] _, facts in
                var decisions: [IntakeDecision] = []
                for entry in new {
                    guard let row = decider.add(entry, facts: &facts) else { return [] }
                    decisions.append(IntakeDecision(interactions: [row]))
                }
                return decisions
            }
            if !outcomes.isEmpty { return outcomes.count }
        }
    }
}
