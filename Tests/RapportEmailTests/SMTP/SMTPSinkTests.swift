import Logging
import RapportChannels
import RapportCore
import RapportEmail
import RapportTestServers
import Testing

@Suite(
    .enabled(if: Machine.isInstalled("/usr/sbin/smtp-sink"), "smtp-sink comes with Postfix"), .timeLimit(.minutes(2)))
struct SMTPSinkTests {
    private func transport(
        _ port: Int, _ change: (inout SMTPConfiguration) -> Void = { _ in }
    ) throws -> SMTPTransport {
        var configuration = SMTPConfiguration(
            host: "127.0.0.1", port: port, security: .none, clientName: "hub.example.com")
        change(&configuration)
        return try SMTPTransport(name: "relay", configuration, logger: Logger(label: "test"))
    }

    private func envelope(_ number: Int = 0) -> SMTPEnvelope {
        let lines = (0..<20).map { "Line \($0) of message \(number)\r\n.\r\n" }.joined()
        return SMTPEnvelope(
            mailFrom: "bounces+\(number)@example.com", recipients: ["customer\(number)@example.net"],
            message: Array("Subject: Test \(number)\r\n\r\n\(lines)".utf8))
    }

    @Test("hands two thousand messages to a real server over pooled, pipelined connections")
    func smoke() async throws {
        let sink = try await SMTPSink.start(options: ["-M", "2001"], keepingMails: false)
        let transport = try transport(sink.port)
        let accepted = try await withThrowingTaskGroup(of: Receipt.self) { group in
            for worker in 0..<100 {
                group.addTask { try await transport.send(envelope(worker)) }
            }
            var accepted = 0
            var next = 100
            while let receipt = try await group.next() {
                #expect(receipt.state == .accepted)
                #expect(receipt.detail == "250 2.0.0 Ok")
                accepted += 1
                if next < 2000 {
                    let number = next
                    group.addTask { try await transport.send(envelope(number)) }
                    next += 1
                }
            }
            return accepted
        }
        #expect(accepted == 2000)
        // The server dies of its 2001st message without an answer: it has counted exactly those that were accepted.
        await #expect(throws: SendError(.uncertain)) { try await transport.send(envelope()) }
        try await sink.exit()
        await transport.close()
    }

    @Test(
        "speaks with servers without pipelining, or without any extension", arguments: [["-p"], ["-e"], ["-8", "-E"]])
    func oldServers(options: [String]) async throws {
        let sink = try await SMTPSink.start(options: options + ["-M", "51"], keepingMails: false)
        let transport = try transport(sink.port) { $0.messagesPerConnection = 7 }
        try await withThrowingTaskGroup { group in
            for number in 0..<50 { group.addTask { _ = try await transport.send(envelope(number)) } }
            try await group.waitForAll()
        }
        await #expect(throws: SendError(.uncertain)) { try await transport.send(envelope()) }
        try await sink.exit()
        await transport.close()
    }

    @Test(
        "tells the fate of a message whatever the server does to it",
        arguments: [
            (["-f", "MAIL"], SendError(.rejected, status: "500 5.3.0")),
            (["-f", "RCPT", "-B", "550 5.1.1 unknown"], SendError(.badAddress, status: "550 5.1.1")),
            (["-f", "DATA"], SendError(.rejected, status: "500 5.3.0")),
            (["-f", "."], SendError(.rejected, status: "500 5.3.0")),
            (["-r", "RCPT"], SendError(.temporary, status: "450 4.3.0")),
            (["-r", "."], SendError(.temporary, status: "450 4.3.0")),
            (["-q", "MAIL"], SendError(.connection)),
            (["-q", "DATA"], SendError(.connection)),
            (["-q", "."], SendError(.uncertain)),
            (["-Q", "RCPT"], SendError(.throttled, status: "421 4.0.0")),
        ])
    func refusals(options: [String], error: SendError) async throws {
        let sink = try await SMTPSink.start(options: options, keepingMails: false)
        let transport = try transport(sink.port)
        await #expect(throws: error) { try await transport.send(envelope()) }
        await transport.close()
    }
}
