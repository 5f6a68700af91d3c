import Foundation
import RapportTestServers

/// `rapport-bench echo` as a process of its own, as the hub is one.
final class EchoServer: Sendable {
    let port: Int
    /// Where its rows are; of a server that makes them.
    let rows: String?
    private let process: ChildProcess
    private let folder: ScratchFolder

    static func start(makingRows: Bool) async throws -> EchoServer {
        let port = try FreePort.take()
        let folder = try ScratchFolder("echo")
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let rows = makingRows ? folder.path("rows.db") : nil
        let process = try await ChildProcess.start(
            ChildCommand(own, ["echo", "--port", "\(port)"] + (rows.map { ["--rows", $0] } ?? [])), name: "echo",
            in: folder)
        try await Eventually.true("the echo server", log: { process.errors }) {
            (try? await LoopbackHTTP.get("/readyz", port: port).status) == 200
        }
        return EchoServer(port: port, rows: rows, process: process, folder: folder)
    }

    private init(port: Int, rows: String?, process: ChildProcess, folder: ScratchFolder) {
        (self.port, self.rows, self.process, self.folder) = (port, rows, process, folder)
    }

    func stop() async { await process.stop() }
}
