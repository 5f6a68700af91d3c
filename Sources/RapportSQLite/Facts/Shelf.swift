/// Rows read for a whole batch, to be found again for each of its members by customer, address or household.
struct Shelf<Item, Made> {
    private let items: [Item]
    private let make: (Item) -> Made
    private var byRoot: Chains<Int64>
    private var byAddress: Chains<Int64>
    private var byHousehold: Chains<String>
    /// What was made of many items at once. Those who share a household or an address share it, so that a batch of them
    /// takes no more memory than one.
    private var shared: [[Int]: [Made]] = [:]

    /// Fewer than this are made for each who leads to them.
    private static var many: Int { 64 }

    /// - Parameter make: what each item becomes outside.
    init(
        _ items: [Item], root: (Item) -> Int64, address: (Item) -> Int64?, household: (Item) -> String?,
        make: @escaping (Item) -> Made
    ) {
        self.items = items
        self.make = make
        byRoot = Chains(count: items.count, keys: items.count)
        byAddress = Chains(count: items.count, keys: items.count)
        byHousehold = Chains(count: items.count)
        for place in items.indices {
            byRoot.add(place, under: root(items[place]))
            if let address = address(items[place]) { byAddress.add(place, under: address) }
            if let household = household(items[place]) { byHousehold.add(place, under: household) }
        }
    }

    /// What is made of each item, once, in the order they were read in.
    ///
    /// - Parameter isLeftOut: of which nothing is made.
    mutating func items(
        root: Int64, addresses: [Int64], household: String?, without isLeftOut: (Item) -> Bool = { _ in false }
    ) -> [Made] {
        var found = byRoot.places(under: root).map { Array($0) } ?? []
        for address in addresses { join(byAddress.places(under: address), to: &found) }
        if let household { join(byHousehold.places(under: household), to: &found) }
        guard found.count >= Self.many, !found.contains(where: { isLeftOut(items[$0]) }) else {
            return found.compactMap { isLeftOut(items[$0]) ? nil : make(items[$0]) }
        }
        if let made = shared[found] { return made }
        let made = found.map { make(items[$0]) }
        shared[found] = made
        return made
    }

    /// Nearly always they are the same that the customer alone leads to, or hold those.
    private func join<Places: Sequence<Int>>(_ others: Places?, to found: inout [Int]) {
        guard let others, !others.elementsEqual(found) else { return }
        let all = Array(others)
        found = Self.holds(all, found) ? all : Set(found).union(all).sorted()
    }

    /// Whether all of these are among those, both of them in order.
    private static func holds(_ numbers: [Int], _ wanted: [Int]) -> Bool {
        guard wanted.count <= numbers.count else { return false }
        var rest = numbers[...]
        return wanted.allSatisfy { number in
            rest = rest.drop { $0 < number }
            return rest.first == number
        }
    }
}
