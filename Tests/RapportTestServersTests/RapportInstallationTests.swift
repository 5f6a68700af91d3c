import RapportTestServers
import Testing

@Suite("The binary under test", .timeLimit(.minutes(1)))
struct RapportInstallationTests {
    /// Stands for `rapport`: shows what it was given, or runs until it is told to end.
    private static let script = """
        #!/bin/sh
        case "$1" in
        serve) trap 'echo bye; exit 0' TERM; echo serving; while :; do sleep 0.05; done ;;
        broken) echo "no such thing" >&2; exit 3 ;;
        *) pwd; cat "$RAPPORT_CONFIG"; echo "$*: $SECRET"; cat ;;
        esac
        """

    private func install() async throws -> RapportInstallation {
        let folder = try ScratchFolder("binary")
        let (source, path) = (try folder.write(Self.script, to: "source"), folder.path("rapport"))
        // Written by another process: a file that this one wrote may still be open in a child that is just being started.
        try await ChildCommand("install", ["-m", "755", source, path]).check()
        return try RapportInstallation(
            configuration: "region: CN\n", environment: ["SECRET": "s3cret"], binary: path, keeping: folder)
    }

    @Test("runs in the folder of its configuration, with its secrets and its input")
    func runs() async throws {
        let hub = try await install()
        let result = try await hub.run(["status", "--json"], input: "typed\n")
        #expect(result.succeeded)
        #expect(result.lines == [hub.folder.root, "region: CN", "status --json: s3cret", "typed"])
        #expect(try await hub.run(["broken"]).status == .exited(3))
    }

    @Test("serves until it is told to end")
    func serves() async throws {
        let hub = try await install()
        let health = try HTTPListener { .init(status: $0.path == "/readyz" ? 200 : 404) }
        let process = try await hub.serve(port: health.port)
        #expect(process.isRunning)
        try await Eventually.true("the trap to be set") { process.output == "serving\n" }
        #expect(try await process.terminate() == .exited(0))
        #expect(process.output == "serving\nbye\n")
    }

    @Test("is killed without a word")
    func isKilled() async throws {
        let health = try HTTPListener()
        let process = try await install().serve(port: health.port)
        try await process.kill()
        #expect(!process.isRunning)
    }

    @Test("says what a hub wrote that does not come up")
    func reportsFailure() async throws {
        let hub = try await install()
        let error = await #expect(throws: TestServerError.self) {
            _ = try await hub.start(["broken"], port: try FreePort.take())
        }
        #expect(error?.description.contains("no such thing") == true)
    }
}
