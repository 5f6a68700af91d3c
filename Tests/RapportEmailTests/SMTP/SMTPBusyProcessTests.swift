import Dispatch
import Foundation
import Logging
import RapportChannels
import RapportEmail
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct SMTPBusyProcessTests {
    /// Keeps all threads that tasks run on.
    private final class Occupation: Sendable {
        private let end = DispatchSemaphore(value: 0)
        private let size = ProcessInfo.processInfo.activeProcessorCount

        func begin() {
            for _ in 0..<size { Task.detached { self.hold() } }
        }

        private func hold() { _ = end.wait(timeout: .now() + 10) }

        func finish() {
            for _ in 0..<size { end.signal() }
        }
    }

    @Test("a connection that fell idle hears of a message although no task has had a turn since it was opened")
    func heard() async throws {
        let server = ScriptedServer()
        let occupation = Occupation()
        var configuration = SMTPConfiguration(
            host: "127.0.0.1", port: try await server.start(), security: .none, allowsAuthenticationInClear: true,
            clientName: "me.example", pool: .init(connections: 1, queueTime: 20_000))
        configuration.currentCredentials = {
            occupation.begin()
            return SMTPCredentials(user: "ana", secret: Secret("secret"))
        }
        let transport = try SMTPTransport(name: "relay", configuration, logger: Logger(label: "test"))
        let firstIsSent = DispatchSemaphore(value: 0)
        let failures = Mutex<[SendError]>([])
        await transport.send(2) { index in
            if index == 1, firstIsSent.wait(timeout: .now() + 10) == .success {
                // Until the connection has found that there is nothing more.
                Thread.sleep(forTimeInterval: 0.05)
            }
            return .test()
        } done: { index, result in
            if case .failure(let error) = result { failures.withLock { $0.append(error) } }
            if index == 0 { firstIsSent.signal() } else { occupation.finish() }
        }
        #expect(failures.withLock { $0 } == [])
        await transport.close()
        try await server.stop()
    }
}
