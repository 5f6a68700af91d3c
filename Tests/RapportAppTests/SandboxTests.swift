import Foundation
import Logging
import RapportChannels
import RapportCore
import RapportTestSupport
import RapportYAML
import Testing

@testable import RapportApp

@Suite("What the sandbox writes and reports")
struct SandboxTests {
    private struct Nobody: EventSink {
        func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] { [] }
    }

    /// Sends one message over a sandbox for a channel.
    private func send(
        _ content: OutboundMessage.Content, to address: String, over channel: Channel
    ) async throws -> (file: String, receipt: Receipt, reports: [InboundEvent]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sandbox-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secret = folder.appending(path: "secret")
        try Data("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8).write(to: secret)
        let mailboxes = channel == .email ? ", from: \"Shop <shop@hub.test>\", returnPath: bounce@hub.test" : ""
        let text =
            "{type: sandbox, channel: \(channel.rawValue), folder: out, secret: \"file:\(secret.path)\"\(mailboxes)}"
        let settings = try AdapterCatalog.read(YAMLValue.parse(text, file: "a.yaml"), folder: folder.path)
        let http = RecordingHTTP(host: "hub.test", status: 200)
        let now = Timestamp(seconds: 1_800_000_000)
        let built = try settings.build(
            BuildContext(
                name: "try", publicURL: "https://hub.test", localURL: "http://hub.test",
                tokens: DispatchTokens(secret: Secret("a secret of the hub's own")), http: http, sink: Nobody(),
                templates: folder.path, topics: [], clock: { now }, logger: Logger(label: "test")))
        let receipt = try await #require(built.outbound).send(
            OutboundMessage(
                dispatch: DispatchID(7), customer: CustomerID(1), channel: channel, messageClass: .service,
                topic: "care", to: try #require(Address(normalized: address)), content: content, createdAt: now))
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").first)
        // The report is posted by itself, and may come later.
        while http.calls.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        let events = try http.calls.flatMap { call in
            try #require(built.inbound).receive(
                InboundRequest(
                    method: call.method, path: "", query: "", publicURL: call.url,
                    headers: call.headers.map { ($0.name, $0.value) }, body: call.body, receivedAt: now)
            ).events
        }
        let bytes = try Data(contentsOf: folder.appending(path: "out/\(file)"))
        return (String(decoding: bytes, as: UTF8.self), receipt, events)
    }

    @Test(
        "says on each message, receipt and report that nothing was sent",
        arguments: [
            (Channel.email, "mailto:ana@good.test", OutboundMessage.Content.email(.init(subject: "Hello", text: "x"))),
            (.sms, "tel:+8613800138000", .text("x")),
            (.webhook, "https://crm.test/hook", .event(type: "care", json: "{}")),
        ])
    func marks(channel: Channel, address: String, content: OutboundMessage.Content) async throws {
        let sent = try await send(content, to: address, over: channel)
        if channel == .email {
            #expect(sent.file.hasPrefix("X-Sandbox: written, not sent\r\n"))
        } else {
            #expect(sent.file.contains("\"sandbox\" : \"written, not sent\""), "\(sent.file)")
        }
        #expect(sent.receipt.detail == "sandbox: written, not sent")
        #expect(sent.reports.map(\.attributes) == [["sandbox": "reported by itself"]])
    }
}
