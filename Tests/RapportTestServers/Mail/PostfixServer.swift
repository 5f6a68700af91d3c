import Foundation
import Glibc

/// A real Postfix in a scratch folder: submission on a port of 127.0.0.1, routes by domain, its own bounces.
///
/// It needs root, as every Postfix does, and the packages `postfix` and `openssl`. A system-wide Postfix is left alone.
package final class PostfixServer: Sendable {
    static let masterPath = "/usr/lib/postfix/sbin/master"

    /// Where mail is submitted, by SMTP with optional STARTTLS and without authentication.
    package let port: Int
    package let host = "127.0.0.1"
    /// The self-signed certificate for `localhost` and `127.0.0.1`, in PEM.
    package let certificatePath: String
    private let folder: ScratchFolder
    private let master: ChildProcess
    /// The master changes users on its way, at which the kernel forgets whom it wanted to be ended with.
    private let lifeline: ChildProcess

    /// Starts a Postfix and waits until it greets.
    ///
    /// - Parameters:
    ///   - routes: by domain, or by address for exceptions within a domain. Every other recipient is refused.
    ///   - sendsDelayNotices: a mail still queued after a second is reported to its return path (`Action: delayed`).
    package static func start(
        _ routes: [String: MailRoute], sendsDelayNotices: Bool = false
    ) async throws -> PostfixServer {
        let folder = try ScratchFolder("postfix")
        let port = try FreePort.take()
        let configuration = PostfixConfiguration(
            folder: folder.root, port: port, farPort: try FreePort.take(),
            routes: routes, sendsDelayNotices: sendsDelayNotices)
        try await prepare(folder, configuration)
        let command = ChildCommand(masterPath, ["-c", folder.path("etc"), "-s"])
        let master = try await ChildProcess.start(command, name: "log/master", in: folder)
        let lifeline = try await Lifeline.start(for: master, naming: folder.root, in: folder)
        let server = PostfixServer(port: port, folder: folder, master: master, lifeline: lifeline)
        try await server.waitUntilReady()
        return server
    }

    private init(port: Int, folder: ScratchFolder, master: ChildProcess, lifeline: ChildProcess) {
        (self.port, self.folder, self.master, self.lifeline) = (port, folder, master, lifeline)
        certificatePath = folder.path("etc/certificate.pem")
    }

    /// Starts one, lends it, and stops it however the body ends.
    package static func with<Value>(
        _ routes: [String: MailRoute], sendsDelayNotices: Bool = false, _ body: (PostfixServer) async throws -> Value
    ) async throws -> Value {
        let server = try await start(routes, sendsDelayNotices: sendsDelayNotices)
        do {
            let value = try await body(server)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    package func stop() async {
        await master.stop(within: .seconds(10))
        await lifeline.stop(SIGKILL)
    }

    /// What the server and its daemons have written.
    package var log: String { folder.text(of: "log/mail.log") + master.errors }

    /// The mails delivered to an address of a `mailbox` domain, oldest first.
    package func mails(to recipient: String) throws -> [DeliveredMail] {
        let new = folder.url.appending(path: "mail/all/new")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: new.path)) ?? []
        return try names.sorted().map { DeliveredMail(try Data(contentsOf: new.appending(path: $0))) }
            .filter { $0.deliveredTo?.lowercased() == recipient.lowercased() }
    }

    /// Waits for mail to an address, and returns it all once there are `count`.
    package func mails(
        to recipient: String, count: Int, within limit: Duration = .seconds(30)
    ) async throws -> [DeliveredMail] {
        try await Eventually.value("\(count) mails to \(recipient)", within: limit, log: { log }) {
            let mails = try mails(to: recipient)
            return mails.count >= count ? mails : nil
        }
    }

    /// Waits for the first mail to an address.
    package func mail(to recipient: String, within limit: Duration = .seconds(30)) async throws -> DeliveredMail {
        try await mails(to: recipient, count: 1, within: limit)[0]
    }

    /// How many mails are still under way.
    package var queued: Int {
        ["incoming", "active", "deferred", "maildrop"].reduce(0) { total, queue in
            let url = folder.url.appending(path: "queue/\(queue)")
            let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: [.isRegularFileKey])
            let count = files?.count { file in
                let values = try? (file as? URL)?.resourceValues(forKeys: [.isRegularFileKey])
                return values?.isRegularFile == true
            }
            return total + (count ?? 0)
        }
    }

    private func waitUntilReady() async throws {
        try await Eventually.true("Postfix to greet", log: { log }) {
            guard master.isRunning else { throw TestServerError("Postfix ended at once", log: log) }
            let port = port
            return
                (try? await BlockingWork.run {
                    try LoopbackConnection(port: port).readLine()?.hasPrefix("220 ") == true
                }) ?? false
        }
    }

    private static func prepare(_ folder: ScratchFolder, _ configuration: PostfixConfiguration) async throws {
        guard Machine.isInstalled(masterPath) else { throw TestServerError("the package postfix is not installed") }
        guard geteuid() == 0 else { throw TestServerError("Postfix needs root") }
        for part in ["etc", "queue", "data", "mail", "log"] { try folder.makeFolder(part) }
        guard let owner = getpwnam("postfix") else { throw TestServerError("there is no user postfix") }
        chown(folder.path("data"), owner.pointee.pw_uid, owner.pointee.pw_gid)
        chown(folder.path("mail"), 65534, 65534)
        try folder.write(configuration.main, to: "etc/main.cf")
        try folder.write(configuration.master, to: "etc/master.cf")
        try folder.write(configuration.access, to: "etc/access")
        try folder.write(configuration.farAccess, to: "etc/far-access")
        try folder.write(configuration.transport, to: "etc/transport")
        try await SelfSignedCertificate.make(
            certificate: folder.path("etc/certificate.pem"), key: folder.path("etc/key.pem"))
        // Makes the folders of the queue with the owners and modes that Postfix wants.
        try await ChildCommand("postfix", ["-c", folder.path("etc"), "check"]).check()
    }
}
