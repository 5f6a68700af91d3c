import Foundation

/// What to start: an executable by path or by name, its arguments and what it gets from us.
package struct ChildCommand: Sendable {
    package enum Input: Sendable {
        case nothing
        /// What `ChildProcess.write` feeds.
        case pipe
        case file(String)
    }

    package var executable: String
    package var arguments: [String]
    /// Added to this process's environment.
    package var environment: [String: String] = [:]
    package var workingFolder: String?
    /// The standard input.
    package var input = Input.nothing
    /// What the kernel sends it when this process dies; `clear` for nothing.
    package var signalWhenOrphaned = "KILL"

    package init(_ executable: String, _ arguments: [String] = []) {
        self.executable = executable
        self.arguments = arguments
    }

    /// `setpriv` (util-linux, always there on Debian) asks for the signal, `env` changes the folder, and both become the command.
    var argumentVector: [String] {
        let folder = workingFolder.map { ["env", "--chdir=\($0)"] } ?? []
        return ["setpriv", "--pdeathsig", signalWhenOrphaned] + folder + [executable] + arguments
    }

    var environmentVector: [String] {
        ProcessInfo.processInfo.environment.merging(environment) { _, ours in ours }
            .map { "\($0.key)=\($0.value)" }
    }
}
