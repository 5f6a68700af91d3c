import Foundation
import RapportCore
package import RapportLog
import RapportSQLite

extension HubContext {
    /// What has been put back.
    package struct Restored: Sendable {
        /// The last row of the log.
        package var position: Int64
        /// Campaigns that were being sent when the backup was made. What they have sent since is not known any more.
        package var paused: [CampaignKey]
        /// Where the store is now that was there until then.
        package var kept: String?
    }

    /// Puts a backup in the place of the store, which neither a hub nor a command may have open: it would go on writing to
    /// the file that was there. What was being sent is paused in it.
    ///
    /// - Throws: `ConfigurationError`, `StoreError`, each fit to be shown.
    package static func restore(_ configuration: HubConfiguration, from copy: String) async throws -> Restored {
        let path = configuration.storePath
        try makeFolder(of: path)
        let lock = try HubLock(storePath: path)
        let use = try StoreUse(storePath: path, isAlone: true)
        defer { withExtendedLifetime((lock, use)) {} }
        let now = systemClock()
        let old = "\(path).before-\(now.seconds)"
        let isKept = FileManager.default.fileExists(atPath: path)
        return try await SQLiteStore.restore(copy, to: path, keeping: old) { store in
            var restored = Restored(
                position: try await store.lastPosition(), paused: [], kept: isKept ? old : nil)
            for key in try await store.sendingCampaigns() {
                let note = "put back from a backup: what was sent since is not known"
                let moved = try await store.move(key, from: [.sending], to: .paused, note: note, at: now)
                if moved != nil { restored.paused.append(key) }
            }
            return restored
        }
    }
}
