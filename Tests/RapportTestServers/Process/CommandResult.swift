/// What a command that ends by itself left behind.
package struct CommandResult: Sendable {
    package let status: ProcessExit
    package let output: String
    package let errors: String

    package var succeeded: Bool { status == .exited(0) }

    /// The lines of the standard output.
    package var lines: [String] { output.split(separator: "\n").map(String.init) }
}

extension ChildCommand {
    /// Runs the command to its end with an optional standard input. A command that takes longer than `limit` is killed.
    package func run(input: String? = nil, within limit: Duration = .seconds(60)) async throws -> CommandResult {
        let folder = try ScratchFolder("run")
        var command = self
        if let input { command.input = .file(try folder.write(input, to: "input")) }
        let process = try await ChildProcess.start(command, name: "command", in: folder)
        let status = try await process.exit(within: limit)
        return CommandResult(status: status, output: process.output, errors: process.errors)
    }

    /// Runs the command, and throws with its output when it fails.
    @discardableResult
    package func check(within limit: Duration = .seconds(60)) async throws -> CommandResult {
        let result = try await run(within: limit)
        guard result.succeeded else {
            throw TestServerError("\(executable) ended with \(result.status)", log: result.output + result.errors)
        }
        return result
    }
}
