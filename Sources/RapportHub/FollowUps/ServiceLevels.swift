package import RapportCore

/// Within which time a customer is to be answered, by the kind of what they are waiting for.
package struct ServiceLevels: Hashable, Sendable {
    /// In seconds.
    package var byKind: [String: Int64]
    /// For kinds without one of their own.
    package var standard: Int64

    package init(byKind: [String: Int64] = Self.usual, standard: Int64 = 86400) {
        self.byKind = byKind
        self.standard = standard
    }

    /// A day for what is written, four hours for what is spoken.
    package static let usual: [String: Int64] = [
        "message": 86400, "voicemail": 4 * 3600, "missed-call": 4 * 3600, "callback": 4 * 3600, "complaint": 8 * 3600,
        "opt-out": 86400,
    ]

    package func due(kind: String, openedAt: Timestamp) -> Timestamp {
        openedAt.adding(seconds: byKind[kind] ?? standard)
    }
}
