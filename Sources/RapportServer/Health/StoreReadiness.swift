package import RapportCore
package import RapportLog

/// Whether the store can be read and has been written to lately: this node's own heartbeat is the witness.
package struct StoreReadiness: Sendable {
    private let store: any StatusReading
    private let node: Int64
    private let clock: Clock

    package init(store: any StatusReading, node: Int64, clock: @escaping Clock) {
        self.store = store
        self.node = node
        self.clock = clock
    }

    /// What is wrong, in words; `nil` when nothing is.
    package func problem() async -> String? {
        do throws(StoreError) {
            let now = clock()
            let status = try await store.status(at: now)
            guard status.nodes.contains(where: { $0.number == node && $0.isAlive(at: now) }) else {
                return "store: nothing could be written for \(NodeRecord.silenceSeconds) seconds"
            }
            return nil
        } catch {
            return "store: \(error.code.rawValue)"
        }
    }
}
