import RapportChannels
import ServiceLifecycle

/// Runs a part of an adapter until the hub stops.
struct AdapterService: Service {
    let part: any ChannelService

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await part.run()
        }
    }
}

/// Closes what must stay open until everything else has stopped; first in the group, so last to go. When the group gives
/// up waiting, all are cancelled at once, so that `close` itself waits for those that would miss it.
struct Closing: Service {
    let close: @Sendable () async throws -> Void

    func run() async throws {
        try? await gracefulShutdown()
        try await close()
    }
}
