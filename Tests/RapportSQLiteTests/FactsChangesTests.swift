import RapportCore
import Testing

@testable import RapportSQLite

@Suite("Whose facts have changed")
struct FactsChangesTests {
    private let ana = CustomerID(1)

    private func changed() -> FactsChanges {
        let changes = FactsChanges()
        changes.begin(dataVersion: 1)
        changes.settle()
        return changes
    }

    private func stands(_ changes: FactsChanges, since mark: FactsChanges.Mark, for customer: Int64 = 1) -> Bool {
        changes.haveStood(since: mark, customers: [customer], addresses: [])
    }

    @Test("a mark knows of committed changes alone, so that what is under way is found by those who come later")
    func underWay() {
        let changes = changed()
        changes.begin(dataVersion: 1)
        changes.change(.responded(ana, campaign: "spring"))
        let mark = changes.mark
        #expect(!stands(changes, since: mark))
        changes.settle()
        #expect(!stands(changes, since: mark), "the snapshot may be older than the commit")
        #expect(stands(changes, since: changes.mark))
        #expect(stands(changes, since: mark, for: 2))
    }

    @Test("another process's commit may have changed anybody")
    func otherProcess() {
        let changes = changed()
        let mark = changes.mark
        changes.begin(dataVersion: 1)
        #expect(stands(changes, since: mark))
        changes.begin(dataVersion: 2)
        #expect(!stands(changes, since: mark))
    }

    @Test("what can't be remembered one by one counts for everybody")
    func many() {
        let changes = changed()
        let mark = changes.mark
        for number in 2...10_001 { changes.change(.responded(CustomerID(Int64(number)), campaign: "spring")) }
        #expect(stands(changes, since: mark))
        changes.change(.responded(CustomerID(20_000), campaign: "spring"))
        #expect(!stands(changes, since: mark))
    }
}
