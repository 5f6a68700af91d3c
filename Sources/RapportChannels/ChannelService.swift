/// A part of an adapter that runs as long as the hub does: a listener, a pool, a feed.
package protocol ChannelService: Sendable {
    var name: String { get }

    /// Runs until its task is cancelled, then stops taking new work, finishes what it holds and returns.
    func run() async throws
}
