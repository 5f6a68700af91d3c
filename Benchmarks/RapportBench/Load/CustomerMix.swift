/// Whose events come in: four of five belong to customers who are known, in no order that a cache would like.
struct CustomerMix: Sendable {
    var known: Int
    /// The distance of two known customers' numbers.
    var stride = 1
    /// Above every known one's number.
    var firstNew = 10_000_000

    func customer(_ index: Int) -> BenchCustomer {
        guard index % 5 != 4 else { return BenchCustomer(firstNew + index) }
        // A prime that has no factor in common with the number of customers goes through all of them.
        return BenchCustomer((index &* 7_368_787) % known * stride)
    }
}
