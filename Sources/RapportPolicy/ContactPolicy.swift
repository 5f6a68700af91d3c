import Crypto
import RapportCore

/// A compiled contact policy: answers whether a message may go to a customer at an address at an instant.
///
/// A value without a clock, a store or chance in it: the same question has the same answer, in any order of the facts.
/// It is made from a policy file, and refused as a whole when anything in the file is wrong.
package struct ContactPolicy: Sendable {
    /// The first 16 hexadecimal digits of the SHA-256 of the file's bytes; stored with every decision.
    package let version: String
    /// In the order of the file.
    package let topics: [Topic]
    /// Where `topics` holds a name.
    let topicIndices: [String: Int]
    /// For customers without a time zone of their own, or with one that this machine doesn't know.
    let zone: Zone
    let zones: ZoneDatabase
    /// In the order in which they are asked, without `expired`, which is about what the others say.
    let rules: [any PolicyRule]
    /// Whether a rule asks for the topics of dispatches.
    let countsByTopic: Bool

    /// - Parameters:
    ///   - yaml: the text of the file.
    ///   - file: its name, for messages.
    ///   - zones: where time zones are looked up, now and later.
    /// - Throws: `PolicyFileError` with everything that is wrong.
    package init(yaml: String, file: String? = nil, zones: ZoneDatabase = .system) throws(PolicyFileError) {
        let root: DocumentNode
        do {
            root = try YAMLDocument.parse(yaml)
        } catch {
            throw PolicyFileError(file: file, problems: error.problems)
        }
        let problems = Problems()
        let policy = ContactPolicy(root, path: "", version: Self.version(of: yaml.utf8), zones: zones, problems)
        try problems.throwIfAny(file: file)
        guard let policy else { throw PolicyFileError(file: file, problems: []) }
        self = policy
    }

    /// `nil` when something was reported.
    init?(_ root: DocumentNode, path: String, version: String, zones: ZoneDatabase, _ problems: Problems) {
        let reader = PolicyReader(root, path: path, zones: zones, problems: problems)
        guard let zone = reader.zone, problems.all.isEmpty else { return nil }
        self.version = version
        self.zone = zone
        self.zones = zones
        topics = reader.topics
        topicIndices = Dictionary(uniqueKeysWithValues: reader.topics.enumerated().map { ($1.name, $0) })
        rules = reader.rules
        countsByTopic = reader.countsByTopic
    }

    /// The policy's own time zone, as the file names it.
    package var timeZone: String { zone.name }

    static func version(of bytes: some Sequence<UInt8>) -> String {
        var digest = SHA256()
        Array(bytes).withUnsafeBytes { digest.update(bufferPointer: $0) }
        return digest.finalize().prefix(8).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}
