import Testing

@testable import RapportSQLite

@Suite("What a batch looks up together")
struct ShelfTests {
    private struct Item {
        var id: Int64
        var root: Int64
        var address: Int64?
        var household: String?
    }

    private func shelf(_ items: [Item]) -> Shelf<Item, [Int64]> {
        Shelf(items, root: \.root, address: \.address, household: \.household) { [$0.id] }
    }

    @Test("what a household has is in memory once, however many share it")
    func shared() {
        let items = (0..<200).map { Item(id: Int64($0), root: Int64($0 % 50), household: "h1") }
        var shelf = shelf(items)
        let made = (0..<50).map { shelf.items(root: $0, addresses: [], household: "h1") }
        #expect(made.allSatisfy { $0.map(\.first) == items.map(\.id) })
        let places = Set(made.map { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } })
        #expect(places.count == 1)
    }

    @Test("what an address leads to joins what is the customer's own")
    func byAddress() {
        let items = [(1, 10), (1, 10), (2, 10), (3, 30), (1, nil)].enumerated()
            .map { Item(id: Int64($0), root: $1.0, address: $1.1) }
        var shelf = shelf(items)
        func found(_ root: Int64, _ addresses: [Int64]) -> [Int64] {
            shelf.items(root: root, addresses: addresses, household: nil).flatMap(\.self)
        }
        #expect(found(1, [10]) == [0, 1, 2, 4])
        #expect(found(1, []) == [0, 1, 4])
        #expect(found(2, [10]) == [0, 1, 2])
        #expect(found(3, [30]) == [3])
        #expect(found(3, [10, 30, 50]) == [0, 1, 2, 3])
        #expect(found(4, [50]) == [])
    }

    @Test("each is there once and in order, whoever leads to it, and one that is left out is not", arguments: [3, 90])
    func joined(count: Int64) {
        var items = (0..<count).map { Item(id: $0, root: $0 % 2, household: $0 % 3 == 0 ? "h1" : nil) }
        items.append(Item(id: count, root: 7, household: "h1"))
        var shelf = shelf(items)
        let expected = items.filter { $0.root == 1 || $0.household == "h1" }.map(\.id)
        #expect(shelf.items(root: 1, addresses: [], household: "h1").flatMap(\.self) == expected)
        for other in [0, count] {
            let rest = shelf.items(root: 1, addresses: [], household: "h1") { $0.id == other }
            #expect(rest.flatMap(\.self) == expected.filter { $0 != other })
        }
        #expect(shelf.items(root: 1, addresses: [], household: "h1").flatMap(\.self) == expected)
    }
}
