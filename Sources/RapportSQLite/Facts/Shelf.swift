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

    /// Each item once, in the order they were read in.
    func items(root: Int64, addresses: [Int64], household: String?) -> [Item] {
        var found = Set(byRoot[root] ?? [])
        for address in addresses { found.formUnion(byAddress[address] ?? []) }
        if let household { found.formUnion(byHousehold[household] ?? []) }
        return found.sorted().map { items[$0] }
    }
}
