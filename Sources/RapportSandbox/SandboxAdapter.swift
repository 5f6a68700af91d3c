import Foundation
package import RapportChannels
package import RapportCore

/// A provider that sends nothing: writes what it would send to a folder, and reports delivery by calling the hub back over
/// HTTP, with a signature, as real providers do.
///
/// A message whose text holds `[[bounce]]` is reported as bounced, so that this way can be tried too.
package struct SandboxAdapter: OutboundAdapter, InboundAdapter {
    package let name: String
    package let channel: Channel
    package let window = 64

    /// What would go over the wire, and the ending of its file.
    package typealias Encoder = @Sendable (OutboundMessage) throws(SendError) -> (ending: String, bytes: [UInt8])

    private let folder: String
    private let signing: StandardWebhooks
    private let encode: Encoder
    private let reports: SandboxReports

    /// - Parameters:
    ///   - hubURL: where this hub itself listens, without a slash at the end.
    ///   - signing: signs and verifies the receipts.
    package init(
        name: String, channel: Channel, folder: String, hubURL: String, signing: StandardWebhooks,
        http: any HTTPCalling, clock: @escaping Clock, encode: @escaping Encoder
    ) {
        self.name = name
        self.channel = channel
        self.folder = folder
        self.signing = signing
        self.encode = encode
        reports = SandboxReports(http: http) { receipt in
            let body = Array(#"{"id":"\#(receipt.id)","status":"\#(receipt.status)"}"#.utf8)
            let headers = signing.headers(id: "\(receipt.id)-\(receipt.status)", at: clock(), body: body)
            return HTTPCall(
                method: "POST", url: "\(hubURL)/in/\(name)",
                headers: [HTTPField("Content-Type", "application/json")] + headers, body: body,
                timeoutMilliseconds: 5000, allowsPrivateAddresses: true)
        }
    }

    package func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        let (ending, bytes) = try encode(message)
        let id = "sandbox-\(message.dispatch)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(message.dispatch).\(ending)"), options: .atomic)
        } catch {
            throw SendError(.temporary, status: "the sandbox's folder can't be written")
        }
        // Nobody waits for the hub's answer: the receipt may come before or after ours, as anywhere.
        await reports.post(
            SandboxReceipt(
                id: id, status: bytes.firstRange(of: Array("[[bounce]]".utf8)) == nil ? "delivered" : "bounced"))
        return Receipt(providerMessageID: id, detail: "sandbox: written, not sent")
    }

    package func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        try signing.verify(request)
        guard request.method == "POST" else { throw InboundRejection(.method) }
        guard let receipt = try? JSONDecoder().decode(SandboxReceipt.self, from: Data(request.body)) else {
            throw InboundRejection(.malformed, "expected {\"id\": …, \"status\": …}")
        }
        let outcome: DeliveryReport.Outcome =
            receipt.status == "delivered" ? .delivered : receipt.status == "bounced" ? .bounced : .unknown
        let kind: InteractionKind =
            outcome == .delivered ? .deliveryDelivered : outcome == .bounced ? .deliveryBounced : .unknown
        return InboundResult(events: [
            InboundEvent(
                kind: kind, channel: channel, sourceID: "\(receipt.id)/\(receipt.status)",
                attributes: ["sandbox": "reported by itself"],
                dispatch: .provider(adapter: name, messageID: receipt.id),
                delivery: DeliveryReport(outcome: outcome, addressIsBad: outcome == .bounced, code: receipt.status),
                payload: Interaction.Payload(type: "application/json", bytes: request.body))
        ])
    }
}

/// What the sandbox tells the hub about a message.
struct SandboxReceipt: Codable {
    var id: String
    var status: String
}
