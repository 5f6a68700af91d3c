import Foundation
import NIOCore
import NIOPosix

/// Postfix's test server as a process of its own.
final class SinkProcess {
    static let path = "/usr/sbin/smtp-sink"
    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: path) }

    let port: Int
    private let process = Process()

    init(_ options: [String] = []) async throws {
        port = try await FreePort.find()
        process.executableURL = URL(filePath: Self.path)
        let user = geteuid() == 0 ? ["-u", "nobody"] : []
        process.arguments = user + options + ["127.0.0.1:\(port)", "128"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await FreePort.waitUntilTaken(port)
    }

    func waitUntilExit() async {
        let process = process
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.waitUntilExit()
                continuation.resume()
            }
        }
    }

    deinit {
        // A child inherits the blocked signals of the thread that started it, so that SIGTERM would never reach it.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

enum FreePort {
    /// A port that nobody listened on a moment ago, and that the kernel gives to nobody who asks for any port.
    static func find() async throws -> Int {
        while true {
            let bound = try? await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(host: "127.0.0.1", port: Int.random(in: 10_240..<32_768)).get()
            guard let channel = bound, let port = channel.localAddress?.port else {
                try Task.checkCancellation()
                continue
            }
            try await channel.close()
            return port
        }
    }

    static func waitUntilTaken(_ port: Int) async throws {
        let patience = ContinuousClock.now + .seconds(20)
        while true {
            do {
                let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .connect(host: "127.0.0.1", port: port).get()
                return try await channel.close()
            } catch {
                if ContinuousClock.now > patience { throw error }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
