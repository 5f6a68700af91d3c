import Foundation
package import Logging
import Metrics
import RapportChannels
import RapportCore
import RapportHTTPClient
import RapportHub
import RapportLog
import RapportPolicy
import RapportServer
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The running hub: everything long-running in one group, in the order of who needs whom.
package struct HubProcess {
    private let context: HubContext
    private let reloads: ReloadSignals
    private let logger: Logger

    package init(context: HubContext, reloads: ReloadSignals, logger: Logger) {
        self.context = context
        self.reloads = reloads
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT: then the server stops accepting, the intake drains, what is claimed is given back, what
    /// is in flight ends, and the store closes.
    ///
    /// - Parameter onReady: called with the port once requests are taken.
    package func run(onReady: @escaping @Sendable (_ port: Int) -> Void) async throws {
        ProcessMemory.keepFreedBatches()
        let policy = try context.policy
        let lock = try HubLock(storePath: context.configuration.storePath)
        defer { withExtendedLifetime(lock) {} }
        let metrics = PrometheusRegistry()
        let http = try HTTPClient()
        let dispatcher = Mutex<Dispatcher?>(nil)
        let messages = context.messageDesk { dispatcher.withLock { $0 }?.wake() }
        let intake = context.intake(logger: logger)
        let sink = CountedSink(next: sink(before: intake, messages: messages), metrics: metrics)
        let adapters = try build(http: http, sink: sink, policy: policy)
        let renderer = try context.renderer()
        logger.notice("the contact policy was read", metadata: ["version": "\(policy.current.version)"])

        let note = note(in: lock)
        note(policy.current)

        let heartbeat = Heartbeat()
        // A hub that can't be built must not look like one that runs: it is told of in the store only now.
        let node = try await takeOver()
        MetricsSystem.bootstrap(metrics)
        let running = Dispatcher(
            store: context.store,
            adapters: adapters.compactMap(\.outbound).map { CountedAdapter(next: $0, metrics: metrics) },
            policy: policy,
            renderer: renderer, node: node, settings: dispatcherSettings, clock: context.clock,
            logger: logger)
        dispatcher.withLock { $0 = running }

        let server = try makeServer(
            settings: serverSettings(),
            services: try services(
                sink: sink, messages: messages, adapters: adapters, policy: policy, metrics: metrics,
                readiness: StoreReadiness(store: context.store, node: node, heartbeat: heartbeat),
                gauges: HubGauges(
                    store: context.store, dispatcher: running, intake: intake,
                    senders: adapters.compactMap(\.outbound?.name), feeds: adapters.compactMap(\.feed?.name),
                    metrics: metrics, clock: context.clock))
        ) { port in onReady(port) }

        let dispatcherEnd = Ending()
        var parts: [any Service] = [
            Closing { [store = context.store] in
                await dispatcherEnd.wait()
                intake.drain()
                try await store.unregister(node: node)
                try await store.close()
            },
            Closing { await http.shutdown() },
            Recurring.heartbeat(
                of: node, store: context.store, clock: context.clock, telling: heartbeat, logger: logger),
            Recurring.erasureCompletion(store: context.store, logger: logger),
            Recurring.cancellationCompletion(store: context.store, logger: logger),
        ]
        if let days = context.configuration.retention.payloadDays {
            parts.append(
                Recurring.payloadRetention(of: days, store: context.store, clock: context.clock, logger: logger))
        }
        parts += adapters.filter { $0.outbound != nil }.compactMap(\.service).map(AdapterService.init)
        parts.append(
            DispatcherService(
                dispatcher: running, store: context.store, node: node, clock: context.clock, end: dispatcherEnd))
        parts += adapters.compactMap(\.feed).map {
            Feed(receiver: $0, store: context.store, clock: context.clock, logger: logger)
        }
        parts += adapters.filter { $0.outbound == nil }.compactMap(\.service).map(AdapterService.init)
        parts.append(PolicyReload(policyFile: context.policyFile, signals: reloads, note: note, logger: logger))
        parts.append(server)
        var configuration = ServiceGroupConfiguration(
            services: parts.map { .init(service: $0, successTerminationBehavior: .ignore) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Lets ‘rapport status’ tell which policy is in force.
    private func note(in lock: HubLock) -> @Sendable (ContactPolicy) -> Void {
        { [logger] policy in
            do {
                let process = Int(ProcessInfo.processInfo.processIdentifier)
                try lock.write(HubNote(process: process, policyVersion: policy.version))
            } catch {
                logger.warning("which policy is in force could not be noted", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Nobody else holds the lock, so every node of this store is gone: settles what they had in hand.
    private func takeOver() async throws -> Int64 {
        let store = context.store
        let now = context.clock()
        for node in try await store.status(at: now).nodes { try await store.unregister(node: node.number) }
        let node = try await store.register(
            host: ProcessInfo.processInfo.hostName, process: Int(ProcessInfo.processInfo.processIdentifier), at: now)
        let recovery = try await store.recover(node: node, at: now)
        if recovery != Recovery() {
            logger.warning(
                "an earlier hub left work behind",
                metadata: [
                    "released": "\(recovery.released)", "unknown": "\(recovery.unknown)",
                    "repeated": "\(recovery.repeated)",
                ])
        }
        // Whoever asks again must not be told that the hub that is gone is still at it.
        try await store.abandonReservations()
        _ = try await ParkedReceipts(store: store, clock: context.clock).settle()
        return node
    }

    private func sink(before intake: Intake, messages: MessageDesk) -> any EventSink {
        let answers = context.configuration.answers
        guard let help = answers.help, let topic = answers.topic else { return intake }
        return AnsweringSink(
            next: intake, messages: messages, store: context.store, settings: .init(help: help, topic: topic),
            clock: context.clock, logger: logger)
    }

    private func build(
        http: any HTTPCalling, sink: any EventSink, policy: PolicyHolder
    ) throws -> [BuiltAdapter] {
        let configuration = context.configuration
        let tokens = try context.tokens()
        return try configuration.adapters.map { entry in
            var logger = logger
            logger[metadataKey: "adapter"] = "\(entry.name)"
            return try entry.settings.build(
                BuildContext(
                    name: entry.name, publicURL: configuration.http.publicURL, localURL: configuration.http.localURL,
                    tokens: tokens, http: http, sink: sink, templates: configuration.templates,
                    topics: policy.current.topics.map(\.name), clock: context.clock, logger: logger))
        }
    }

    private var dispatcherSettings: Dispatcher.Settings {
        var settings = Dispatcher.Settings()
        settings.schedule = context.configuration.retry
        return settings
    }

    private func serverSettings() -> ServerSettings {
        let http = context.configuration.http
        let connections = OpenFileLimit.makeRoom(forClients: http.connections)
        if connections < http.connections {
            logger.warning(
                "the limit of open files leaves room for fewer connections than configured",
                metadata: ["configured": "\(http.connections)", "possible": "\(connections)"])
        }
        return ServerSettings(
            host: http.host, port: http.port, publicURL: http.publicURL, connectionLimit: connections,
            idleTimeoutSeconds: http.idleSeconds, bodyTimeoutSeconds: http.bodySeconds,
            trustsForwardedFor: http.trustsForwardedFor, metricsNeedToken: http.metricsNeedToken,
            tokens: context.configuration.tokens)
    }

    private func services(
        sink: any EventSink, messages: MessageDesk, adapters: [BuiltAdapter], policy: PolicyHolder,
        metrics: PrometheusRegistry, readiness: StoreReadiness, gauges: HubGauges
    ) throws -> HubServices {
        HubServices(
            store: context.store, sink: sink, inbound: adapters.compactMap(\.inbound),
            campaigns: context.campaignCourse, messages: messages,
            preferences: PreferenceDesk(
                store: context.store, sink: sink, policy: policy, routes: context.configuration.routes,
                clock: context.clock),
            policy: policy,
            customers: { [context] author in context.customerDesk(adapter: author, author: author) },
            normalizer: context.normalizer, region: context.configuration.region, tokens: try context.tokens(),
            metrics: metrics, measure: { await gauges.measure() }, clock: context.clock, logger: logger,
            readiness: { await readiness.problem().map { [$0] } ?? [] })
    }
}

extension HubConfiguration.HTTPSection {
    /// Where the hub itself can be called from this machine.
    var localURL: String {
        let loopback =
            host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "[::1]" : host.contains(":") ? "[\(host)]" : host
        return "http://\(loopback):\(port)"
    }
}
