package import RapportCore

/// Which hubs work on this store.
package protocol NodeStoring: Sendable {
    /// Takes a place among the nodes and returns its number, never used before.
    func register(host: String, process: Int, at now: Timestamp) async throws(StoreError) -> Int64

    /// Says that the node is alive; nodes that have not said so for 30 seconds are taken for dead.
    func heartbeat(node: Int64, at now: Timestamp) async throws(StoreError)

    /// `nil` for a node that was never registered, or has left.
    func node(_ number: Int64) async throws(StoreError) -> NodeRecord?

    func unregister(node: Int64) async throws(StoreError)
}

package struct NodeRecord: Hashable, Sendable {
    package var number: Int64
    package var host: String
    package var process: Int
    package var startedAt: Timestamp
    package var seenAt: Timestamp

    package init(number: Int64, host: String, process: Int, startedAt: Timestamp, seenAt: Timestamp) {
        self.number = number
        self.host = host
        self.process = process
        self.startedAt = startedAt
        self.seenAt = seenAt
    }

    /// How long a node may be silent before another takes over what it had.
    package static let silenceSeconds: Int64 = 30

    /// One that was seen at a time which is yet to come has been silent since the clock was set back.
    package func isAlive(at now: Timestamp) -> Bool {
        seenAt.adding(seconds: Self.silenceSeconds) > now && seenAt <= now.adding(seconds: Self.silenceSeconds)
    }
}
