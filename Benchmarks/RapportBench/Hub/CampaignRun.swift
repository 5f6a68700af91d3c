import Foundation
import RapportCore
import RapportTestServers

/// One campaign sent by a running hub, with its times.
struct CampaignRun: Sendable {
    var accepted: Int
    /// Writing a row for every recipient.
    var planning: Double
    /// From the first connection to the mail server to the last answer.
    var sending: Double
    /// Seconds that the hub's threads ran meanwhile.
    var processor: Double
    var memory: Double

    var perSecond: Double { Double(accepted) / sending }
    var perSecondWithPlanning: Double { Double(accepted) / (sending + planning) }

    /// Sends a campaign to its end.
    ///
    /// - Parameter recipients: that must be accepted, every one.
    static func send(
        _ template: CampaignTemplate, recipients: Int, from hub: BenchHub, _ process: RapportProcess, sinkPort: Int
    ) async throws -> CampaignRun {
        try template.write(to: hub.installation.folder)
        async let start = start(of: process, sinkPort: sinkPort)
        try await hub.command(["campaign", "send", template.name, "--detach"])
        let end = try await Eventually.value("\(template.name) to be over", within: .seconds(1800)) {
            try await Task.sleep(for: .milliseconds(100))
            let standing = try await standing(template.name, hub)
            return standing.state == "completed" ? standing : nil
        }
        let (began, processorBefore) = try await start
        let processor = ProcessFigures.processorTime(process.identifier) - processorBefore
        guard end.states == ["accepted": recipients] else { throw BenchError("not everybody got it: \(end.states)") }
        guard let created = time(end.createdAt), let started = time(end.startedAt), let finished = time(end.finishedAt)
        else { throw BenchError("the campaign has no times") }
        return CampaignRun(
            accepted: recipients, planning: started - created, sending: finished - began,
            processor: processor, memory: ProcessFigures.peakMemory(process.identifier))
    }

    /// When the first connection was there, and how long the hub had run by then.
    private static func start(
        of process: RapportProcess, sinkPort: Int
    ) async throws -> (at: Double, processor: Double) {
        (try await SinkConnections.first(to: sinkPort), ProcessFigures.processorTime(process.identifier))
    }

    private static func standing(_ name: String, _ hub: BenchHub) async throws -> Standing {
        let answer = try await LoopbackHTTP.get(
            "/v1/campaigns/\(name)", port: hub.port,
            headers: ["Authorization": "Bearer \(BenchConfiguration.apiToken)"])
        guard answer.status == 200 else { throw BenchError("the campaign's state: \(answer.text)") }
        return try JSONDecoder().decode(Standing.self, from: Data(answer.body))
    }

    private static func time(_ text: String?) -> Double? {
        text.flatMap { Timestamp(rfc3339: $0) }.map { Double($0.milliseconds) / 1000 }
    }

    private struct Standing: Decodable {
        var state: String
        var createdAt: String
        var startedAt: String?
        var finishedAt: String?
        var states: [String: Int]
    }
}
