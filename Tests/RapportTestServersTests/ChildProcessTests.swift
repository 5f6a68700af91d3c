import Foundation
import Glibc
import RapportTestServers
import Testing

@Suite("Processes of tests", .timeLimit(.minutes(2)))
struct ChildProcessTests {
    @Test("a command gives its status, its output and its errors")
    func runs() async throws {
        let result = try await ChildCommand("sh", ["-c", "cat; echo oops >&2; exit 3"]).run(input: "hello\n")
        #expect(result.status == .exited(3))
        #expect(result.output == "hello\n")
        #expect(result.errors == "oops\n")
    }

    @Test("a command that does not end is an error that shows what it wrote")
    func isBounded() async throws {
        let command = ChildCommand("sh", ["-c", "echo working; exec cat"])
        let error = await #expect(throws: TestServerError.self) {
            _ = try await command.runWithOpenInput()
        }
        #expect(error?.description.contains("working") == true)
    }

    @Test("what a process has started ends with it")
    func endsGroup() async throws {
        let folder = try ScratchFolder()
        var command = ChildCommand("sh", ["-c", "sh -c 'echo $$; exec sleep 600' & read -r line"])
        command.input = .pipe
        let process = try await ChildProcess.start(command, name: "parent", in: folder)
        let grandchild = try await Eventually.value("the grandchild") {
            process.output.split(separator: "\n").first.flatMap { Int($0) }
        }
        #expect(FileManager.default.fileExists(atPath: "/proc/\(grandchild)"))
        await process.stop(9)
        try await Eventually.true("the grandchild to end") { isGone(grandchild) }
    }

    @Test("a process ends with the last reference to it")
    func endsWithReference() async throws {
        let folder = try ScratchFolder()
        var command = ChildCommand("cat")
        command.input = .pipe
        var process: ChildProcess? = try await ChildProcess.start(command, name: "cat", in: folder)
        let identifier = try #require(process?.identifier)
        #expect(FileManager.default.fileExists(atPath: "/proc/\(identifier)"))
        process = nil
        try await Eventually.true("the process to end") { isGone(Int(identifier)) }
    }

    @Test("a process ends when the tests are killed")
    func endsWithTests() async throws {
        let folder = try ScratchFolder()
        let file = folder.path("identifier")
        await #expect(processExitsWith: .signal(SIGKILL)) { [file = file as String] in
            // This body is a process of its own. What it leaves behind must not outlive it.
            let command = ChildCommand("sh", ["-c", "echo $$ > \(file); exec sleep 600"])
            let process = try await ChildProcess.start(command, name: "orphan", in: try ScratchFolder("orphan"))
            try await Eventually.true("the child to run") { FileManager.default.contents(atPath: file)?.last == 10 }
            #expect(process.isRunning)
            raise(SIGKILL)
        }
        let text = try #require(String(bytes: FileManager.default.contents(atPath: file) ?? Data(), encoding: .utf8))
        let identifier = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        try await Eventually.true("the orphan to end", within: .seconds(60)) { isGone(identifier) }
    }

    @Test("a scratch folder goes with its last reference")
    func folderGoes() throws {
        var folder: ScratchFolder? = try ScratchFolder()
        let path = try #require(try folder?.write("text", to: "a/b.txt"))
        #expect(FileManager.default.fileExists(atPath: path))
        folder = nil
        let isKept = ProcessInfo.processInfo.environment["RAPPORT_KEEP_SCRATCH"] != nil
        #expect(FileManager.default.fileExists(atPath: path) == isKept)
    }

    @Test("free ports differ from each other")
    func portsDiffer() throws {
        let ports = try (0..<200).map { _ in try FreePort.take() }
        #expect(Set(ports).count == ports.count)
    }

    /// Killed and orphaned, it may stay as a zombie where nothing collects orphans.
    private func isGone(_ identifier: Int) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8) else { return true }
        return status.contains(") Z ")
    }
}

extension ChildCommand {
    /// Runs with an input that stays open, for half a second after it has written something.
    fileprivate func runWithOpenInput() async throws -> ProcessExit {
        let folder = try ScratchFolder()
        var command = self
        command.input = .pipe
        let process = try await ChildProcess.start(command, name: "open", in: folder)
        try await Eventually.true("its output") { process.output.hasSuffix("\n") }
        return try await process.exit(within: .milliseconds(500))
    }
}
