/// What a running hub tells of itself beside its store: a policy that it has read may not be the one in the file any more.
struct HubNote: Hashable, Sendable, Codable {
    /// Of the hub that wrote it; a note of another process is one that was left behind.
    var process: Int
    /// `ContactPolicy.version`
    var policyVersion: String
}
