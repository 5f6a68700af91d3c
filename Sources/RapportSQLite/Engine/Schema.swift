import Foundation
import GRDB
import RapportLog

/// The numbered migrations and how a file is brought to the latest one.
enum Schema {
    /// `RPRT`, in the file's header, so that `file` and we know whose it is.
    static let applicationID: Int64 = 0x5250_5254

    private static let migrations: [[UInt8]] = [
        PackageResources.m001_initial_sql, PackageResources.m002_counts_sql, PackageResources.m003_unfinished_sql,
        PackageResources.m004_recent_repetitions_sql, PackageResources.m005_timeline_progress_sql,
        PackageResources.m006_erased_sql, PackageResources.m007_repetition_filters_sql,
        PackageResources.m008_merged_sql, PackageResources.m009_repetition_pages_sql,
        PackageResources.m010_conversation_keys_sql, PackageResources.m011_reserved_keys_sql,
        PackageResources.m012_mergers_sql, PackageResources.m013_campaign_definitions_sql,
        PackageResources.m014_message_digests_sql, PackageResources.m015_folded_mergers_sql,
        PackageResources.m016_state_ranges_sql,
    ]

    static var latestVersion: Int { migrations.count }

    /// Refuses, before anything is written, files that are not ours or are of a newer version.
    static func check(_ db: Database) throws {
        // With one statement, because another process may be making the store meanwhile.
        let found = try db.first(
            """
            SELECT v.user_version, a.application_id, (SELECT count(*) FROM sqlite_schema)
            FROM pragma_user_version v, pragma_application_id a
            """
        ) { (version: $0[0] as Int64, application: $0[1] as Int64, tables: $0[2] as Int64) }
        if let found, found == (0, 0, 0) { return }
        guard let (version, application, _) = found, application == applicationID else {
            throw StoreError(.corrupt, "opening: the file is a database of another program")
        }
        guard version <= latestVersion else {
            throw StoreError(
                .newerVersion, "opening: the store has version \(version), this program knows \(latestVersion)")
        }
    }

    /// Refuses what `check` refuses, and an empty file, which it takes for a store to be made.
    static func requireStore(_ db: Database) throws {
        try check(db)
        guard try db.number("PRAGMA application_id") == applicationID else {
            throw StoreError(.corrupt, "opening: the file is empty")
        }
    }

    /// Refuses a file that a migration would change.
    static func requireLatest(_ db: Database) throws {
        let version = try db.number("PRAGMA user_version")
        guard version < latestVersion else { return }
        throw StoreError(
            .olderVersion,
            "opening: the store has version \(version), this program works on \(latestVersion); start the new hub first"
        )
    }

    /// Runs the migrations that are missing, each in a transaction; other processes may try the same at once.
    static func migrate(_ db: Database, to latest: Int = latestVersion) throws {
        for version in 1...latest {
            try db.inTransaction(.immediate) {
                try check(db)
                guard try db.number("PRAGMA user_version") < version else { return .rollback }
                try db.execute(sql: String(decoding: migrations[version - 1], as: UTF8.self))
                if version == 1 {
                    try db.execute(
                        sql: "INSERT INTO meta (name, value) VALUES ('erasure-key', ?)",
                        arguments: [Data(Pseudonyms.newKey())])
                }
                if version == 9 { try RepetitionPages.migrate(db) }
                if version == 15 { try MergerProjection.migrate(db) }
                if version == 16 { try tellOthers(db) }
                try db.execute(sql: "PRAGMA user_version = \(version)")
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                return .commit
            }
        }
    }

    /// Lets other connections read the schema again, whose words a migration has changed.
    private static func tellOthers(_ db: Database) throws {
        try db.execute(sql: "PRAGMA schema_version = \(db.number("PRAGMA schema_version") + 1)")
    }
}
