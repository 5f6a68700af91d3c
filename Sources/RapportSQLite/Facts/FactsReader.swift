import GRDB
import RapportCore

/// Gathers what the contact policy looks at, for a whole batch with a fixed number of statements.
struct FactsReader {
    /// What one set of facts is about.
    struct Subject {
        var customer: Customer
        var addresses: [Address]
        /// The dispatch that is being judged.
        var excluding: DispatchID?
    }

    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// - Parameters:
    ///   - members: member -> root of every subject's customer.
    ///   - numbers: of the subjects' addresses, by URI, as far as they are known already.
    ///   - past: which dispatches are looked at.
    func facts(
        _ subjects: [Subject], members: [Int64: Int64], numbers: [String: Int64] = [:],
        past: DispatchFactsReader.Wanted
    ) throws -> [ContactFacts] {
        let addresses = Set(subjects.flatMap(\.addresses))
        var addressIDs = numbers
        let others = addresses.lazy.map(\.uri).filter { numbers[$0] == nil }
        if !others.isEmpty { addressIDs.merge(try transaction.addressIDs(others)) { known, _ in known } }
        let households = Set(subjects.compactMap(\.customer.profile.household))

        var known = Known(
            transaction, roots: members,
            addresses: Dictionary(
                addresses.compactMap { address in addressIDs[address.uri].map { ($0, address) } },
                uniquingKeysWith: { first, _ in first }))
        var consents = Shelf(
            try ConsentFactsReader(transaction)
                .consents(ofCustomers: members.keys, addresses: addressIDs.values, known: &known),
            root: { $0.root }, address: { $0.addressID }, household: { _ in nil }, make: { $0.fact })
        var dispatches = Shelf(
            try DispatchFactsReader(transaction).dispatches(
                ofCustomers: members.keys, addresses: addressIDs.values, households: households, wanted: past,
                known: &known),
            // No key paths, which copy the whole row each.
            root: { $0.root }, address: { $0.addressID }, household: { $0.fact.household }, make: { $0.fact })
        let suppressions = try SuppressionReader(transaction).suppressions(of: addresses, numbers: addressIDs)
        let cases = try openCases(members)
        let responses = try responses(members)
        let resting = try CustomerReader(transaction).resting(members)

        return subjects.map { subject in
            let root = subject.customer.id.number
            let ids = subject.addresses.compactMap { addressIDs[$0.uri] }
            let household = subject.customer.profile.household
            return ContactFacts(
                customer: person(resting[root].map { subject.customer.resting(with: $0) } ?? subject.customer),
                consents: consents.items(root: root, addresses: ids, household: nil),
                suppressions: subject.addresses.flatMap { suppressions[$0] ?? [] }.map(fact),
                dispatches: dispatches.items(root: root, addresses: ids, household: household) {
                    $0.id == subject.excluding?.number
                },
                openCases: cases[root] ?? [], responses: responses[root] ?? [])
        }
    }

    private func openCases(_ members: [Int64: Int64]) throws -> [Int64: [ContactFacts.OpenCase]] {
        var cases: [Int64: [ContactFacts.OpenCase]] = [:]
        try transaction.db.each(
            """
            SELECT customer, id, kind, opened_at FROM follow_up INDEXED BY follow_up_open_by_customer
            WHERE customer IN (SELECT value FROM json_each(?)) AND closed = 0 ORDER BY id
            """, [Bound.list(members.keys)]
        ) { row in
            guard let root = members[row[0]] else { return }
            cases[root, default: []].append(
                ContactFacts.OpenCase(id: FollowUpID(row[1]).description, kind: row[2], openedAt: row.instant(3)))
        }
        return cases
    }

    private func responses(_ members: [Int64: Int64]) throws -> [Int64: [ContactFacts.Response]] {
        var responses: [Int64: [ContactFacts.Response]] = [:]
        try transaction.db.each(
            """
            SELECT customer, position, campaign, at FROM response
            WHERE customer IN (SELECT value FROM json_each(?)) ORDER BY position
            """, [Bound.list(members.keys)]
        ) { row in
            guard let root = members[row[0]] else { return }
            responses[root, default: []].append(
                ContactFacts.Response(id: InteractionID(row[1]).description, campaign: row[2], at: row.instant(3)))
        }
        return responses
    }

    private func person(_ customer: Customer) -> ContactFacts.Person {
        ContactFacts.Person(
            id: customer.id.description, timeZone: customer.profile.timeZone,
            quietHours: customer.profile.quietHours, pausedUntil: customer.profile.pausedUntil,
            household: customer.profile.household, erased: customer.erased)
    }

    private func fact(_ suppression: Suppression) -> ContactFacts.Suppression {
        ContactFacts.Suppression(
            id: suppression.id.text("s"), address: suppression.address, reason: suppression.reason, at: suppression.at,
            until: suppression.until)
    }
}
