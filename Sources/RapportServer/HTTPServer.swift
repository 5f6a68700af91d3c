import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import RapportChannels
import RapportSockets
import ServiceLifecycle
import Synchronization

/// The hub's HTTP side: providers' hooks, the API, the customers' preference page, health and metrics.
///
/// On graceful shutdown it stops accepting, lets requests under way finish, and returns.
package struct HTTPServer: Service {
    let application: Application<RouterResponder<HubRequestContext>>
    private let place: String
    private let listening = Listening()
    private let answers: OpenAnswers

    private final class Listening: Sendable {
        let hasBegun = Mutex(false)
    }

    init(
        settings: ServerSettings, services: HubServices, onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) throws {
        place = "\(settings.host):\(settings.port)"
        let log = RequestLog(metrics: services.metrics)
        let bounds = BodyBounds(
            deadlines: BodyDeadlines(timeoutSeconds: settings.bodyTimeoutSeconds),
            budget: BodyBudget(limit: settings.bodyMemory))
        let hooks = Hooks(settings: settings, services: services, bounds: bounds, log: log)
        let router = try Routes.router(settings: settings, services: services, bounds: bounds, log: log)
        answers = hooks.answers
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200)
        let gate = ConnectionGate(limit: settings.connectionLimit)
        let calls = LoopValues { CallsOfTurn(hooks, on: $0) }
        let writes = LoopValues(WritesOfTurn.init)
        application = Application(
            responder: router.buildResponder(),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        ConnectionSetup(
                            gate: gate, settings: settings, hooks: hooks, calls: calls, writes: writes)
                    ], httpDecoderConfiguration: decoder)),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionLimit + ConnectionGate.headroom(over: settings.connectionLimit),
                    logger: services.logger)),
            onServerRunning: { [listening] channel in
                listening.hasBegun.withLock { $0 = true }
                await onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: services.logger)
    }

    /// - Throws: `ListenError` when the port can't be had.
    package func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError where !listening.hasBegun.withLock({ $0 }) {
            throw ListenError(place: place, code: error.errnoCode)
        }
        await answers.areOver()
    }
}

/// Builds the server; it listens when it is run.
///
/// - Parameter onListening: called once connections are accepted, with the port, which matters when the settings left
///   it to the system.
/// - Throws: only when a page of the hub's own can't be built, which is a fault in the hub.
package func makeServer(
    settings: ServerSettings, services: HubServices,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) throws -> HTTPServer {
    try HTTPServer(settings: settings, services: services, onListening: onListening)
}
