import Foundation
package import Logging
import RapportAddressing
package import RapportChannels
package import RapportCore
package import RapportHub
package import RapportLog
import RapportSQLite

/// What commands and the running hub share: the configuration, the store, the policy, and the desks that people work at.
/// The policy is read when it is first asked for.
package struct HubContext: Sendable {
    package let configuration: HubConfiguration
    package let store: any Store
    package let policyFile: PolicyFile
    package let normalizer: any AddressNormalizing
    package let clock: Clock
    /// Held for as long as the store may be open.
    let use: StoreUse

    /// Opens the store; nothing runs yet. As long as the context is there, no backup is put in the store's place.
    ///
    /// - Parameter mayMakeStore: whether a store may be made where there is none, and an older one brought up to date. It is
    ///   the hub's affair and that of commands that bring the first customers; a look must change nothing, and a command
    ///   beside a running hub never changes the schema under it.
    /// - Throws: `MissingStore`, `ConfigurationError`, `StoreError`, each fit to be shown.
    package static func open(_ configuration: HubConfiguration, mayMakeStore: Bool = false) async throws -> HubContext {
        let path = configuration.storePath
        try refuseMissing(path, mayMakeStore: mayMakeStore)
        if mayMakeStore { try makeFolder(of: path) }
        let use = try StoreUse(storePath: path)
        // Putting a backup back may have been cut off until then.
        try refuseMissing(path, mayMakeStore: mayMakeStore)
        var options = SQLiteStore.Options()
        var lock: HubLock?
        if mayMakeStore { lock = try? HubLock(storePath: path) }
        defer { withExtendedLifetime(lock) {} }
        options.mayMigrate = lock != nil
        return HubContext(
            configuration: configuration, store: try await SQLiteStore.open(path: path, options: options),
            policyFile: PolicyFile(path: configuration.policyFile), normalizer: AddressNormalizer(), clock: systemClock,
            use: use)
    }

    private static func refuseMissing(_ path: String, mayMakeStore: Bool) throws {
        try SQLiteStore.refuseHalfRestored(path)
        if !mayMakeStore, !FileManager.default.fileExists(atPath: path) { throw MissingStore(path: path) }
    }

    static func makeFolder(of storePath: String) throws(ConfigurationError) {
        let folder = URL(filePath: storePath).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ConfigurationError("the folder \(folder) for the store can't be made")
        }
    }

    /// - Throws: `PolicyFileError`.
    package var policy: PolicyHolder {
        get throws { try policyFile.holder }
    }

    package var campaignCourse: CampaignCourse { CampaignCourse(store: store, clock: clock) }

    /// - Throws: `ConfigurationError` when the hub's secret can't be read.
    package func tokens() throws(ConfigurationError) -> DispatchTokens {
        DispatchTokens(secret: try configuration.ownSecret())
    }

    package func renderer() throws(ConfigurationError) -> MessageRenderer {
        MessageRenderer(publicURL: configuration.http.publicURL, tokens: try tokens(), clock: clock)
    }

    /// - Throws: `PolicyFileError`; `ConfigurationError` when the hub's secret can't be read.
    package func campaignDesk() throws -> CampaignDesk {
        CampaignDesk(
            store: store, normalizer: normalizer, region: configuration.region, routes: configuration.routes,
            policy: try policy,
            renderer: try renderer(), clock: clock)
    }

    package func messageDesk(wake: @escaping @Sendable () -> Void = {}) -> MessageDesk {
        MessageDesk(store: store, routes: configuration.routes, clock: clock, wake: wake)
    }

    package func customerDesk(adapter: String, author: String) -> CustomerDesk {
        CustomerDesk(store: store, clock: clock, adapter: adapter, author: author)
    }

    package func suppressionDesk(adapter: String, author: String) -> SuppressionDesk {
        SuppressionDesk(store: store, clock: clock, adapter: adapter, author: author)
    }

    package func suppressionImporter(author: String) -> SuppressionImporter {
        SuppressionImporter(
            store: store, normalizer: normalizer, region: configuration.region, clock: clock, author: author)
    }

    /// - Throws: `PolicyFileError`.
    package func importer(author: String) throws -> CustomerImporter {
        CustomerImporter(
            store: store, normalizer: normalizer, region: configuration.region, policy: try policy.current,
            clock: clock,
            author: author)
    }

    package var intakeSettings: IntakeSettings {
        IntakeSettings(region: configuration.region, serviceLevels: configuration.serviceLevels)
    }

    /// The way in, without the hub's own answers: for commands.
    package func intake(logger: Logger = Logger(label: "rapport")) -> Intake {
        Intake(store: store, normalizer: normalizer, settings: intakeSettings, clock: clock, logger: logger)
    }
}

/// The system's wall clock.
@Sendable
package func systemClock() -> Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
}
