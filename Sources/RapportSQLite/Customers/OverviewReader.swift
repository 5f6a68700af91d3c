import RapportCore
import RapportLog

/// Reads all that a person looks at of a customer in one go: somebody may be waiting on the telephone.
struct OverviewReader {
    let transaction: Transaction
    let limits: CustomerOverview.Limits

    func overviews(of subject: CustomerOverview.Subject) throws -> [CustomerOverview] {
        let ids = try ids(of: subject)
        let standing = try CustomerReader(transaction).standing(for: ids)
        let found = ids.compactMap { standing.rootOf[$0].flatMap { standing.customers[$0] } }
        let facts = try FactsReader(transaction).facts(
            found.map { FactsReader.Subject(customer: $0, addresses: $0.addresses) },
            members: standing.members, numbers: standing.addressNumbers, past: .nothing)
        return try zip(found, facts).map { customer, facts in
            let family = Array(standing.members.filter { $0.value == customer.id.number }.keys)
            return CustomerOverview(
                customer: customer, facts: facts,
                followUps: try FollowUpReader(transaction).list(
                    FollowUpFilter(state: .open), of: family, limit: limits.followUps),
                timeline: try LogReader(transaction, effects: false).timeline(
                    of: family, before: .max, limit: limits.timeline))
        }
    }

    private func ids(of subject: CustomerOverview.Subject) throws -> [Int64] {
        switch subject {
        case .customer(let id): [id.number]
        case .holders(let address, let limit):
            Array(try CustomerReader(transaction).owners(of: [address])[address, default: []].prefix(limit))
        }
    }
}
