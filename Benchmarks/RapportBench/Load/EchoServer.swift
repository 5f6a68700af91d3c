import Foundation
import RapportTestServers

/// `rapport-bench echo` as a process of its own, as the hub is one.
final class EchoServer: Sendable {
    let port: Int
    private let process: ChildProcess
    private let folder: ScratchFolder

    static func start() async throws -> EchoServer {
        let port = try FreePort.take()
        let folder = try ScratchFolder("echo")
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = try await ChildProcess.start(
            ChildCommand(own, ["echo", "--port", "\(port)"]), name: "echo", in: folder)
        try await Eventually.true("the echo server", log: { process.errors }) {
            (try? await LoopbackHTTP.get("/readyz", port: port).status) == 200
        }
        return EchoServer(port: port, process: process, folder: folder)
    }

    private init(port: Int, process: ChildProcess, folder: ScratchFolder) {
        (self.port, self.process, self.folder) = (port, process, folder)
    }

    func stop() async { await process.stop() }
}
