/// Ends a process with the tests when the kernel would not: a shell that waits for the end of its standard input, which comes
/// when this process is gone, however it went.
enum Lifeline {
    /// - Parameter mark: a part of the process's command line, so that nothing else with its number is ever signalled.
    static func start(
        for process: ChildProcess, naming mark: String, in folder: ScratchFolder
    ) async throws -> ChildProcess {
        let script = #"read -r line; grep -qF -- "$2" "/proc/$1/cmdline" && kill -TERM "$1""#
        var command = ChildCommand("sh", ["-c", script, "lifeline", "\(process.identifier)", mark])
        command.input = .pipe
        command.signalWhenOrphaned = "clear"
        return try await ChildProcess.start(command, name: "lifeline", in: folder)
    }
}
