package import RapportHub
package import RapportLog

/// Whether the store can be read and has been written to lately: this node's own heartbeat is the witness.
///
/// Anybody may ask, and so it costs the reading of one row.
package struct StoreReadiness: Sendable {
    private let store: any NodeStoring
    private let node: Int64
    private let heartbeat: Heartbeat

    package init(store: any NodeStoring, node: Int64, heartbeat: Heartbeat) {
        self.store = store
        self.node = node
        self.heartbeat = heartbeat
    }

    /// What is wrong, in words; `nil` when nothing is.
    package func problem() async -> String? {
        do throws(StoreError) {
            let isRegistered = try await store.node(node) != nil
            guard isRegistered, heartbeat.silence < .seconds(NodeRecord.silenceSeconds) else {
                return "store: nothing could be written for \(NodeRecord.silenceSeconds) seconds"
            }
            return nil
        } catch {
            return "store: \(error.code.rawValue)"
        }
    }
}
