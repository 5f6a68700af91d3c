/// Rows read for a whole batch, to be found again for each of its members by customer, address or household.
struct Shelf<Item> {
    private let items: [Item]
    private var byRoot: [Int64: [Int]] = [:]
    private var byAddress: [Int64: [Int]] = [:]
    private var byHousehold: [String: [Int]] = [:]

    init(_ items: [Item], root: (Item) -> Int64, address: (Item) -> Int64?, household: (Item) -> String?) {
        self.items = items
        for (index, item) in items.enumerated() {
            byRoot[root(item), default: []].append(index)
            if let address = address(item) { byAddress[address, default: []].append(index) }
            if let household = household(item) { byHousehold[household, default: []].append(index) }
        }
    }

    /// What is made of each item, once, in the order they were read in.
    func items<Made>(
        root: Int64, addresses: [Int64], household: String?, _ make: (Item) -> Made?
    ) -> [Made] {
        var found = byRoot[root] ?? []
        func join(_ others: [Int]?) {
            // Nearly always the same that the customer alone leads to.
            guard let others, others != found else { return }
            found = found.isEmpty ? others : Set(found).union(others).sorted()
        }
        for address in addresses { join(byAddress[address]) }
        if let household { join(byHousehold[household]) }
        return found.compactMap { make(items[$0]) }
    }
}
