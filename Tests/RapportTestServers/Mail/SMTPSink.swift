import Foundation
import Glibc

/// Postfix's `smtp-sink`: takes every mail at full speed and misbehaves as told (smtp-sink(1)).
package final class SMTPSink: Sendable {
    package let port: Int
    private let process: ChildProcess
    /// It changes users, at which the kernel forgets whom it wanted to be ended with.
    private let lifeline: ChildProcess
    private let folder: ScratchFolder

    /// - Parameter options: such as `["-e"]` for HELO only, `["-q", "DATA"]` to hang up at DATA,
    ///   `["-r", "RCPT"]` to answer temporary errors, `["-f", "RCPT"]` to answer permanent ones, `["-L"]` for LMTP.
    package static func start(options: [String] = [], keepingMails: Bool = true) async throws -> SMTPSink {
        let folder = try ScratchFolder("sink")
        let port = try FreePort.take()
        var arguments = options + ["-h", "sink.rapport.test"]
        // smtp-sink adds a random number, so that every mail has a file of its own.
        if keepingMails { arguments += ["-d", "%H%M%S."] }
        // Run by root it insists on giving that up, so the folder is everybody's.
        if Machine.isRoot { arguments += ["-u", "nobody"] }
        var command = ChildCommand("smtp-sink", arguments + ["127.0.0.1:\(port)", "512"])
        command.workingFolder = try folder.makeFolder("mails")
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path("mails"))
        let process = try await ChildProcess.start(command, name: "sink", in: folder)
        let lifeline = try await Lifeline.start(for: process, naming: "127.0.0.1:\(port)", in: folder)
        try await Eventually.true("smtp-sink to answer", log: { process.errors }) {
            guard process.isRunning else { throw TestServerError("smtp-sink ended at once", log: process.errors) }
            return (try? await BlockingWork.run { _ = try LoopbackConnection(port: port) }) != nil
        }
        return SMTPSink(port: port, process: process, lifeline: lifeline, folder: folder)
    }

    private init(port: Int, process: ChildProcess, lifeline: ChildProcess, folder: ScratchFolder) {
        (self.port, self.process, self.lifeline, self.folder) = (port, process, lifeline, folder)
    }

    /// The mails it has taken wholly, each with the envelope in `X-Mail-Args` and `X-Rcpt-Args` fields.
    package var mails: [DeliveredMail] {
        get throws {
            let url = folder.url.appending(path: "mails")
            let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
            // Read after the names: what is among them and not open any more is complete.
            let unfinished = openFiles
            return try names.filter { !unfinished.contains($0) }
                .map { DeliveredMail(try Data(contentsOf: url.appending(path: $0))) }
        }
    }

    private var openFiles: Set<String> {
        let list = "/proc/\(process.identifier)/fd"
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: list)) ?? []
        let targets = descriptors.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(list)/\($0)")
        }
        return Set(targets.compactMap { $0.split(separator: "/").last.map(String.init) })
    }

    /// Waits until it has taken `count` mails.
    package func mails(count: Int, within limit: Duration = .seconds(30)) async throws -> [DeliveredMail] {
        try await Eventually.value("\(count) mails in the sink", within: limit, log: { process.errors }) {
            let mails = try mails
            return mails.count >= count ? mails : nil
        }
    }

    /// Waits until it has ended by itself, as `-M` makes it.
    package func exit(within limit: Duration = .seconds(30)) async throws {
        _ = try await process.exit(within: limit)
    }

    package func stop() async { await process.stop(SIGKILL) }
}
