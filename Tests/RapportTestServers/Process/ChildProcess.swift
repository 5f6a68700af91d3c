import Foundation
package import Glibc
import Synchronization

/// A process started by a test, in a session of its own; its standard output and error go to files.
///
/// It never outlives the test: the whole group is killed when the process ends, when the last reference to this object goes,
/// and by the kernel when the tests die.
package final class ChildProcess: Sendable {
    package let identifier: pid_t
    package let outputFile: String
    package let errorFile: String
    private let input: Mutex<Int32>
    private let state: Ending

    /// Starts a command. Its output goes to `NAME.out` and `NAME.err` in the folder.
    package static func start(
        _ command: ChildCommand, name: String, in folder: ScratchFolder
    ) async throws -> ChildProcess {
        let files = (folder.path("\(name).out"), folder.path("\(name).err"))
        let started = try await SpawnThread.shared.run { try Spawning.spawn(command, out: files.0, err: files.1) }
        return ChildProcess(started, outputFile: files.0, errorFile: files.1)
    }

    private init(_ started: Spawning.Started, outputFile: String, errorFile: String) {
        identifier = started.identifier
        input = Mutex(started.input)
        self.outputFile = outputFile
        self.errorFile = errorFile
        state = Ending(identifier: started.identifier)
        state.watch()
    }

    deinit {
        state.signal(SIGKILL, wholeGroup: true)
        closeInput()
    }

    package var isRunning: Bool { state.status == nil }
    package var output: String { TailOfFile.text(outputFile) }
    package var errors: String { TailOfFile.text(errorFile) }

    /// Writes a line to its standard input.
    package func write(line: String) throws {
        let bytes = Array((line + "\n").utf8)
        let written = input.withLock { Glibc.write($0, bytes, bytes.count) }
        guard written == bytes.count else { throw TestServerError("the process takes no input", log: errors) }
    }

    /// Ends its standard input.
    package func closeInput() {
        input.withLock {
            if $0 >= 0 { close($0) }
            $0 = -1
        }
    }

    /// Sends a signal to the process alone.
    package func signal(_ signal: Int32) { state.signal(signal, wholeGroup: false) }

    /// Waits until it has ended by itself.
    package func exit(within limit: Duration) async throws -> ProcessExit {
        guard let status = try await state.status(within: limit) else {
            throw TestServerError("waited \(limit) for process \(identifier) to end, in vain", log: output + errors)
        }
        return status
    }

    /// Asks it to end, and ends it when it does not.
    @discardableResult
    package func stop(_ first: Int32 = SIGTERM, within limit: Duration = .seconds(10)) async -> ProcessExit? {
        signal(first)
        if let status = try? await exit(within: limit) { return status }
        state.signal(SIGKILL, wholeGroup: true)
        return try? await exit(within: .seconds(10))
    }
}
