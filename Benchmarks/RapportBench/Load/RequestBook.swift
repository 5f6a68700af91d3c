/// Requests that are written out before anything is measured, one after the other in one buffer.
struct RequestBook: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    mutating func append(_ request: some Collection<UInt8>) {
        bytes.append(contentsOf: request)
        ends.append(bytes.count)
    }

    /// Where a request stands in `bytes`.
    func range(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }
}
