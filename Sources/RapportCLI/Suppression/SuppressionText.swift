import RapportCore
import RapportPolicy

/// Suppressions as rows of a table and as JSON.
enum SuppressionText {
    static func table(_ rows: [Suppression]) -> Table {
        var table = Table(["ID", "ADDRESS", "REASON", "SINCE", "UNTIL"])
        for row in rows {
            table.add([
                row.id.text("s"), row.address.deliverableURI, row.reason.rawValue, LocalTime.minute(row.at),
                end(of: row),
            ])
        }
        return table
    }

    /// Those of one address, with what they block.
    ///
    /// - Parameter policy: `nil` when it can't be read.
    static func table(_ rows: [Suppression], at now: Timestamp, policy: ContactPolicy?) -> Table {
        var table = Table(["ID", "REASON", "SINCE", "UNTIL", "BLOCKS"])
        for row in rows {
            let classes = blocked(by: row, at: now, policy: policy)?.map(\.rawValue) ?? ["?"]
            let blocks = classes.isEmpty ? "nothing" : classes.joined(separator: ", ")
            table.add([
                row.id.text("s"), row.reason.rawValue, LocalTime.minute(row.at), end(of: row),
                row.hasEnded(at: now) ? "nothing, it has ended" : blocks,
            ])
        }
        return table
    }

    static func fields(_ suppression: Suppression, at now: Timestamp) -> [(String, JSONField)] {
        [
            ("id", .text(suppression.id.text("s"))), ("address", .text(suppression.address.deliverableURI)),
            ("reason", .text(suppression.reason.rawValue)), ("at", JSONField(suppression.at)),
            ("until", JSONField(suppression.until)), ("active", .flag(suppression.isActive(at: now))),
        ]
    }

    /// The classes of messages that the address does not get because of it; `nil` when nobody knows.
    static func blocked(by suppression: Suppression, at now: Timestamp, policy: ContactPolicy?) -> [MessageClass]? {
        suppression.isActive(at: now) ? policy?.classes(blockedBy: suppression.reason) : []
    }

    private static func end(of suppression: Suppression) -> String {
        suppression.until.map { LocalTime.minute($0) } ?? "–"
    }
}

extension Suppression {
    /// Whether it holds now.
    func isActive(at now: Timestamp) -> Bool {
        at <= now && !hasEnded(at: now)
    }
}
