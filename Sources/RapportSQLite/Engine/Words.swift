import GRDB
import Synchronization

/// Numbers for words that repeat in many rows: adapters, kinds, topics, campaigns.
///
/// Once committed a word never changes, so it may be remembered for ever, whatever other processes do. The writing
/// connection and the reading ones have separate instances, because the writer also sees words that are not committed
/// yet; it forgets everything when a transaction, or a part of one, is rolled back.
final class Words: Sendable {
    private struct Known {
        var ids: [String: Int64] = [:]
        var texts: [Int64: String] = [:]
    }

    private static let limit = 10_000
    private let known = Mutex(Known())

    /// The number of a word, which is written down when it is new. Only for the writing connection.
    func id(of text: String, _ db: Database) throws -> Int64 {
        if let id = try find(text, db) { return id }
        try db.run("INSERT INTO word (text) VALUES (?)", [text])
        let id = db.lastInsertedRowID
        remember(id, text)
        return id
    }

    func id(ifAny text: String?, _ db: Database) throws -> Int64? {
        try text.map { try id(of: $0, db) }
    }

    /// The number of a word; `nil` when no row has it.
    func find(_ text: String, _ db: Database) throws -> Int64? {
        if let id = known.withLock({ $0.ids[text] }) { return id }
        guard let id = try db.first("SELECT id FROM word WHERE text = ?", [text], { $0[0] as Int64 }) else {
            return nil
        }
        remember(id, text)
        return id
    }

    func text(_ id: Int64, _ db: Database) throws -> String {
        if let text = known.withLock({ $0.texts[id] }) { return text }
        guard let text = try db.first("SELECT text FROM word WHERE id = ?", [id], { $0[0] as String }) else {
            throw UnknownCode(type: "word", code: id)
        }
        remember(id, text)
        return text
    }

    func text(ifAny id: Int64?, _ db: Database) throws -> String? {
        try id.map { try text($0, db) }
    }

    func forget() {
        known.withLock { $0 = Known() }
    }

    private func remember(_ id: Int64, _ text: String) {
        known.withLock { known in
            if known.ids.count >= Self.limit { known = Known() }
            known.ids[text] = id
            known.texts[id] = text
        }
    }
}
