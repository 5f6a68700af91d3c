import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: CustomerStoring {
    package func customers(_ ids: [CustomerID]) async throws(StoreError) -> [CustomerID: Customer] {
        try await read("reading customers") {
            try CustomerReader($0).standing(for: Set(ids.map(\.number))).customersByID
        }
    }

    package func shown(_ ids: [CustomerID]) async throws(StoreError) -> [CustomerID: Customer] {
        try await read("reading customers") { try CustomerReader($0).shown(Set(ids.map(\.number))).customersByID }
    }

    package func customers(at addresses: [Address]) async throws(StoreError) -> [Address: [CustomerID]] {
        try await read("reading customers") {
            try CustomerReader($0).owners(of: Set(addresses)).mapValues { $0.map(CustomerID.init) }
        }
    }

    package func overviews(
        of subject: CustomerOverview.Subject, limits: CustomerOverview.Limits
    ) async throws(StoreError) -> [CustomerOverview] {
        try await read("reading a customer") {
            try OverviewReader(transaction: $0, limits: limits).overviews(of: subject)
        }
    }

    package func search(_ prefix: String, limit: Int) async throws(StoreError) -> [Customer] {
        try await read("searching") { try CustomerSearch($0).search(prefix, limit: limit) }
    }

    package func audience(
        _ filter: AudienceFilter, after: CustomerID?, limit: Int
    ) async throws(StoreError) -> [Customer] {
        try await read("reading an audience") {
            try CustomerSearch($0).audience(filter, after: after?.number ?? 0, limit: limit)
        }
    }

    package func aliases(of customer: CustomerID) async throws(StoreError) -> [CustomerID] {
        try await read("reading customers") { try $0.family(of: customer).map(CustomerID.init) }
    }

    package func merged(into customer: CustomerID) async throws(StoreError) -> [Customer] {
        try await read("reading customers") { try CustomerReader($0).merged(into: customer) }
    }

    package func mergedInto(_ customer: CustomerID) async throws(StoreError) -> CustomerID? {
        try await read("reading customers") {
            try $0.db.first("SELECT merged_into FROM customer WHERE id = ?", [customer.number]) {
                ($0[0] as Int64?).map { CustomerID($0) }
            } ?? nil
        }
    }

    package func consents(of customer: CustomerID) async throws(StoreError) -> [ConsentEntry] {
        try await read("reading consents") { transaction in
            try ConsentReader(transaction).entries(of: transaction.family(of: customer))
                .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        }
    }

    package func suppressions(of addresses: [Address]) async throws(StoreError) -> [Suppression] {
        try await read("reading suppressions") { transaction in
            let found = try SuppressionReader(transaction).suppressions(
                of: addresses, numbers: transaction.addressIDs(addresses.map(\.uri)))
            return found.values.flatMap { $0 }.sorted { $0.id < $1.id }
        }
    }

    package func suppressions(
        _ filter: SuppressionFilter, before: EntryID?, limit: Int
    ) async throws(StoreError) -> [Suppression] {
        try await read("reading suppressions") {
            try SuppressionPage($0, filter).rows(before: before, limit: max(0, limit))
        }
    }

    package func dispatches(of customer: CustomerID, limit: Int) async throws(StoreError) -> [DispatchRow] {
        try await read("reading dispatches") { transaction in
            try DispatchReader(transaction).rows(
                ofCustomers: try transaction.family(of: customer), limit: max(0, limit))
        }
    }
}
