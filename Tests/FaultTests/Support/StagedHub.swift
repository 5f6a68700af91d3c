import Foundation
import RapportTestServers
import Testing

/// A real hub with its own store, and what these tests ask of it.
final class StagedHub: Sendable {
    let stage: HubStage
    let installation: RapportInstallation
    let process: RapportProcess

    var port: Int { stage.port }
    var log: String { process.output + process.errors }

    private init(_ stage: HubStage, _ installation: RapportInstallation, _ process: RapportProcess) {
        (self.stage, self.installation, self.process) = (stage, installation, process)
    }

    /// Runs a hub. At the end the log must explain every projection, and the hub must stop when it is told to.
    ///
    /// - Parameter binary: starts the real one in some other way.
    static func with(
        _ stage: HubStage, binary: String? = nil, keeping scratch: ScratchFolder? = nil,
        stopsWithin limit: Duration = .seconds(60),
        _ body: (StagedHub) async throws -> Void
    ) async throws {
        let installation = try RapportInstallation(
            configuration: stage.configuration, environment: stage.environment, binary: binary,
            keeping: scratch)
        try installation.folder.write(stage.policy, to: "policy.yaml")
        let hub = StagedHub(stage, installation, try await installation.serve(port: stage.port))
        do {
            try await body(hub)
            let verified = try await installation.run(["rebuild", "--verify"])
            #expect(verified.succeeded, "\(verified.output)\(verified.errors)")
        } catch {
            Issue.record("the hub's log:\n\(hub.log)")
            try? await hub.process.kill()
            throw error
        }
        #expect(try await hub.process.terminate(within: limit) == .exited(0), "\(hub.log)")
    }

    /// One customer for each address, `mailto:` or `tel:` by its looks.
    func importCustomers(_ addresses: [String]) async throws {
        let rows = addresses.enumerated().map { index, address in
            address.contains("@") ? "crm/\(index),\(address)," : "crm/\(index),,\(address)"
        }
        let file = try installation.folder.write((["id,email,phone"] + rows).joined(separator: "\n"), to: "people.csv")
        let result = try await installation.run(["customer", "import", file])
        guard result.succeeded else { throw TestServerError("import", log: result.output + result.errors) }
    }

    /// Plans a single message and returns its id.
    ///
    /// - Parameter key: the `Idempotency-Key` of what may be asked for again.
    func send(
        to address: String, channel: String, over adapter: String, repeats: Bool = false, size: Int = 0,
        key: String? = nil
    ) async throws -> String {
        let padding = String(repeating: "0123456789 abcdefghijklmnopqrstuvwxyz. ", count: size / 40)
        let html = size > 0 ? #""html": "<p>\#(padding)</p><p>\#(padding)</p>", "# : ""
        let body = """
            {"address": "\(address)", "channels": ["\(channel)"], "class": "transactional", "topic": "care", \(html)\
            "subject": "Your order", "text": "It is on its way.\(padding)", "adapter": "\(adapter)", "repeats": \(repeats)}
            """
        let answer = try await api("POST", "/v1/messages", body: body, key: key)
        guard answer.status == 202 else { throw TestServerError("a message was not taken", log: answer.text) }
        return try #require(JSONDecoder().decode([String: Text].self, from: Data(answer.body))["dispatch"]?.value)
    }

    /// How a message stands.
    func message(_ id: String) async throws -> MessageStanding {
        let answer = try await api("GET", "/v1/messages/\(id)")
        return try JSONDecoder().decode(MessageStanding.self, from: Data(answer.body))
    }

    /// Waits until nothing of the hub's own will change a message any more.
    func settled(_ id: String, within limit: Duration = .seconds(60)) async throws -> MessageStanding {
        try await Eventually.value("\(id) to be settled", within: limit, log: { log }) {
            let standing = try await message(id)
            return standing.isSettled ? standing : nil
        }
    }

    func api(
        _ method: String, _ path: String, body: String = "", key: String? = nil
    ) async throws -> LoopbackHTTP.Answer {
        var headers = ["Authorization": "Bearer \(HubStage.token)", "Content-Type": "application/json"]
        headers["Idempotency-Key"] = key
        return try await LoopbackHTTP.send(method, path, port: port, headers: headers, body: Array(body.utf8))
    }

    /// Posts an event to the `shop`.
    func post(event id: String, text: String = "hello") async throws -> LoopbackHTTP.Answer {
        try await LoopbackHTTP.post(
            "/in/shop", port: port, headers: ["Authorization": "Bearer \(HubStage.token)"],
            body: #"{"id": "\#(id)", "from": "\#(id)@people.test", "text": "\#(text)"}"#)
    }

    /// The whole log.
    func rows() async throws -> [LogLine] {
        let result = try await installation.run(["log", "--after", "i0", "--limit", "100000", "--json"])
        guard result.succeeded else { throw TestServerError("rapport log", log: result.errors) }
        return try result.lines.map { try JSONDecoder().decode(LogLine.self, from: Data($0.utf8)) }
    }

    struct LogLine: Decodable {
        var kind: String
        var direction: String
        var occurredAt: String
        var sourceID: String?
        var dispatch: String?
    }

    private enum Text: Decodable {
        case text(String)
        case other

        init(from decoder: any Decoder) throws {
            self = (try? decoder.singleValueContainer().decode(String.self)).map { .text($0) } ?? .other
        }

        var value: String? { if case .text(let text) = self { text } else { nil } }
    }
}

/// What `/v1/messages/{id}` says.
struct MessageStanding: Decodable {
    var state: String
    var rule: String?
    var attempts: Int
    var detail: String?

    var isSettled: Bool { !["planned", "claimed", "handedOff", "deferred"].contains(state) }
}
