import RapportChannels

/// Where a call goes, as its target says.
///
/// A class because the calls of a connection share it.
final class HookPlace: Sendable {
    let adapter: any InboundAdapter
    /// As requests have them.
    let path: String
    let query: String
    let publicURL: String

    init(adapter: any InboundAdapter, path: String, query: String, publicURL: String) {
        self.adapter = adapter
        self.path = path
        self.query = query
        self.publicURL = publicURL
    }
}
