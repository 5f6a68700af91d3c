package import RapportCore

/// The numbers behind `rapport status`, in one consistent read.
package protocol StatusReading: Sendable {
    func status(at now: Timestamp) async throws(StoreError) -> StoreStatus
}

package struct StoreStatus: Hashable, Sendable {
    /// `sqlite`, and where: a path or a server without its password.
    package var engine: String
    package var location: String
    package var bytes: Int64
    package var schemaVersion: Int
    package var lastPosition: Int64
    package var customers: Int
    package var suppressed: Int
    /// By adapter, sorted by name.
    package var traffic: [Traffic]
    package var followUpsOpen: Int
    package var followUpsOverdue: Int
    /// The most overdue ones, at most ten.
    package var overdue: [FollowUp]
    package var parkedReceipts: Int
    package var nodes: [NodeRecord]
    /// Dispatches that wait (planned or deferred) by adapter of their current route.
    package var queued: [String: Int]
    /// Of those the deferred ones, by the rule or the error that put them off, by adapter.
    package var deferred: [String: [String: Int]]
    /// Dispatches without a campaign by state.
    package var singles: [DispatchState: Int]
    /// Dispatches without a campaign that failed or are unknown, of the last 24 hours; among many messages,
    /// those of the latest.
    package var recentSingles: [DispatchState: Int]
    /// Dispatches that a living node has had in hand for longer than `stuckSeconds`: what became of them was not written,
    /// and nobody will before the hub starts again.
    package var stuck: Int
    /// Those who read the log on from where they were, by name.
    package var cursors: [Cursor]
    /// Pairs of customers who may be one person, and about whom nobody has decided yet.
    package var conflictsOpen: Int
    /// The latest of them, at most ten.
    package var conflicts: [IdentityConflict]
    /// Erasures that are not finished: rows of nobody are still looked through for the addresses.
    package var erasuresPending: Int

    /// Longer than any other side may take to answer.
    package static let stuckSeconds: Int64 = 3600

    /// How far one reader of the log has come.
    package struct Cursor: Hashable, Sendable {
        package var reader: String
        /// Rows of the log that it has not read yet.
        package var behind: Int64
        /// When the oldest of them was recorded; `nil`: none waits.
        package var waitingSince: Timestamp?
        /// Why it got no further, while it does not.
        package var failure: Failure?

        package init(reader: String, behind: Int64, waitingSince: Timestamp?, failure: Failure? = nil) {
            self.reader = reader
            self.behind = behind
            self.waitingSince = waitingSince
            self.failure = failure
        }
    }

    /// What went wrong when a reader of the log last tried.
    package struct Failure: Hashable, Sendable {
        /// A sentence that is safe to show.
        package var reason: String
        package var at: Timestamp

        package init(reason: String, at: Timestamp) {
            self.reason = reason
            self.at = at
        }
    }

    /// Two customers whom one event named, each by the one that stands for them now.
    package struct IdentityConflict: Hashable, Sendable {
        /// The one who has been known for longer.
        package var customer: CustomerID
        package var other: CustomerID
        /// The latest note of it in the log.
        package var interaction: InteractionID

        package init(customer: CustomerID, other: CustomerID, interaction: InteractionID) {
            self.customer = customer
            self.other = other
            self.interaction = interaction
        }
    }

    /// What went through one adapter in the last hour.
    package struct Traffic: Hashable, Sendable {
        package var adapter: String
        package var channel: Channel
        package var inbound: Int
        /// Messages that were handed over; receipts about them are none.
        package var outbound: Int
        /// Attempts put off, and messages that failed or bounced.
        package var failed: Int
        package var lastSeen: Timestamp?

        package init(
            adapter: String, channel: Channel, inbound: Int, outbound: Int, failed: Int, lastSeen: Timestamp?
        ) {
            self.adapter = adapter
            self.channel = channel
            self.inbound = inbound
            self.outbound = outbound
            self.failed = failed
            self.lastSeen = lastSeen
        }
    }

    package init(
        engine: String, location: String, bytes: Int64, schemaVersion: Int, lastPosition: Int64, customers: Int,
        suppressed: Int, traffic: [Traffic], followUpsOpen: Int, followUpsOverdue: Int, overdue: [FollowUp],
        parkedReceipts: Int, nodes: [NodeRecord], queued: [String: Int], deferred: [String: [String: Int]],
        singles: [DispatchState: Int], recentSingles: [DispatchState: Int] = [:], stuck: Int = 0,
        cursors: [Cursor] = [], conflictsOpen: Int = 0, conflicts: [IdentityConflict] = [],
        erasuresPending: Int = 0
    ) {
        self.engine = engine
        self.location = location
        self.bytes = bytes
        self.schemaVersion = schemaVersion
        self.lastPosition = lastPosition
        self.customers = customers
        self.suppressed = suppressed
        self.traffic = traffic
        self.followUpsOpen = followUpsOpen
        self.followUpsOverdue = followUpsOverdue
        self.overdue = overdue
        self.parkedReceipts = parkedReceipts
        self.nodes = nodes
        self.queued = queued
        self.deferred = deferred
        self.singles = singles
        self.recentSingles = recentSingles
        self.stuck = stuck
        self.cursors = cursors
        self.conflictsOpen = conflictsOpen
        self.conflicts = conflicts
        self.erasuresPending = erasuresPending
    }
}
