import Foundation
import Glibc

/// A real Kannel in a scratch folder: bearerbox, smsbox and Kannel's own fake SMSC, which stands for the phones.
///
/// It needs the packages `kannel` and `kannel-extras`. Everything it accepts reaches the fake SMSC at once, and is reported
/// to the `dlr-url` as accepted by the SMSC (8) and then delivered (1), as far as the `dlr-mask` asks.
package final class KannelServer: Sendable {
    static let bearerboxPath = "/usr/sbin/bearerbox"
    static let smsboxPath = "/usr/sbin/smsbox"
    static let fakeSMSCPath = "/usr/lib/kannel/test/fakesmsc"

    /// Where `/cgi-bin/sendsms` answers.
    package let port: Int
    package let username = KannelConfiguration.username
    package let password = KannelConfiguration.password
    package var sendURL: String { "http://127.0.0.1:\(port)/cgi-bin/sendsms" }
    private let adminPort: Int
    private let folder: ScratchFolder
    private let boxes: [ChildProcess]
    private let fakeSMSC: ChildProcess

    /// Starts all three and waits until the SMSC and the smsbox are connected.
    ///
    /// - Parameters:
    ///   - incomingURL: fetched for each incoming SMS, with Kannel's escapes, such as
    ///     `http://127.0.0.1:8080/in/sms?from=%p&to=%P&text=%b&id=%I&ts=%T`.
    ///   - shortNumber: the sender of messages that name none.
    ///   - rejectedPrefix: numbers that begin with it are refused by the gateway (403 Not routable).
    package static func start(
        incomingURL: String, shortNumber: String = "10690", rejectedPrefix: String = "+1999"
    ) async throws -> KannelServer {
        for path in [bearerboxPath, smsboxPath, fakeSMSCPath] where !Machine.isInstalled(path) {
            throw TestServerError("\(path) is missing: install kannel and kannel-extras")
        }
        let folder = try ScratchFolder("kannel")
        let configuration = KannelConfiguration(
            folder: folder.root, adminPort: try FreePort.take(), boxPort: try FreePort.take(),
            sendPort: try FreePort.take(), smscPort: try FreePort.take(), shortNumber: shortNumber,
            incomingURL: incomingURL, rejectedPrefix: rejectedPrefix)
        let file = try folder.write(configuration.text, to: "kannel.conf")
        let bearerbox = try await ChildProcess.start(
            ChildCommand(bearerboxPath, ["-v", "4", file]), name: "bearerbox", in: folder)
        try await waitUntilOpen([configuration.boxPort, configuration.smscPort, configuration.adminPort], bearerbox)
        let smsbox = try await ChildProcess.start(
            ChildCommand(smsboxPath, ["-v", "4", file]), name: "smsbox", in: folder)
        // Without messages on its command line it takes them from its standard input, one a line.
        var phones = ChildCommand(fakeSMSCPath, ["-H", "127.0.0.1", "-r", "\(configuration.smscPort)"])
        phones.input = .pipe
        let fakeSMSC = try await ChildProcess.start(phones, name: "fakesmsc", in: folder)
        try await waitUntilOpen([configuration.sendPort], smsbox)
        let server = KannelServer(configuration, folder: folder, boxes: [smsbox, bearerbox], fakeSMSC: fakeSMSC)
        try await server.waitUntilConnected()
        return server
    }

    private init(
        _ configuration: KannelConfiguration, folder: ScratchFolder, boxes: [ChildProcess], fakeSMSC: ChildProcess
    ) {
        (port, adminPort) = (configuration.sendPort, configuration.adminPort)
        (self.folder, self.boxes, self.fakeSMSC) = (folder, boxes, fakeSMSC)
    }

    /// Starts one, lends it, and stops it however the body ends.
    package static func with<Value>(
        incomingURL: String, _ body: (KannelServer) async throws -> Value
    ) async throws -> Value {
        let server = try await start(incomingURL: incomingURL)
        do {
            let value = try await body(server)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Ends all three at once; nothing of theirs is worth a slow goodbye.
    package func stop() async {
        for process in [fakeSMSC] + boxes { await process.stop(SIGKILL) }
    }

    package var log: String {
        folder.text(of: "bearerbox.log", last: 8_000) + folder.text(of: "smsbox.log", last: 8_000)
            + folder.text(of: "fakesmsc.err", last: 4_000)
    }

    /// Sends an SMS from a phone to the gateway.
    package func receive(from sender: String, to number: String, text: String) throws {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        let units = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let payload = isPlain ? "text \(text)" : "ucs2 " + units.map { String(format: "%%%02x", $0) }.joined()
        try fakeSMSC.write(line: "\(sender) \(number) \(payload)")
    }

    /// What phones have received so far, in order.
    package var sent: [SentSMS] { SentSMS.parse(fakeSMSC.errors) }

    /// Waits until phones have received `count` messages, each segment of a long one for itself.
    package func sent(count: Int, within limit: Duration = .seconds(30)) async throws -> [SentSMS] {
        try await Eventually.value("\(count) sent SMS", within: limit, log: { log }) {
            let sent = sent
            return sent.count >= count ? sent : nil
        }
    }

    private func waitUntilConnected() async throws {
        let target = "/status.txt?password=\(KannelConfiguration.adminPassword)"
        try await Eventually.true("Kannel's parts to connect", log: { log }) {
            guard fakeSMSC.isRunning, boxes.allSatisfy(\.isRunning) else {
                throw TestServerError("a part of Kannel ended", log: log)
            }
            let status = try? await LoopbackHTTP.get(target, port: adminPort).text
            return status?.contains("smsbox:") == true && status?.contains("(online") == true
        }
    }

    private static func waitUntilOpen(_ ports: [Int], _ process: ChildProcess) async throws {
        for port in ports {
            try await Eventually.true("port \(port) to open", log: { process.output + process.errors }) {
                guard process.isRunning else {
                    throw TestServerError("a part of Kannel ended at once", log: process.output + process.errors)
                }
                return (try? await BlockingWork.run { _ = try LoopbackConnection(port: port) }) != nil
            }
        }
    }
}
