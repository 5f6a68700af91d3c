import RapportTestServers
import Testing

@Suite("An SMS gateway that misbehaves", .timeLimit(.minutes(5)))
struct GatewayTests {
    @Test("leaves each message in the one state that is true of it, whatever it reports when and how often")
    func table() async throws {
        let rows = GatewayRow.all
        let numbers = rows.indices.map { "+1415555\(2000 + $0)" }
        let gateway = ScriptedGateway(Dictionary(uniqueKeysWithValues: zip(numbers, rows)))
        let url = try gateway.start()
        var stage = try HubStage()
        stage.environment["SMS_SECRET"] = "a-secret-in-the-path"
        stage.more = "retry: { first: 1s, longest: 1s, attempts: \(GatewayRow.attempts) }"
        stage.adapters["sms"] = """
            { type: kannel, url: "\(url)", username: rapport, password: env:SMS_SECRET, secret: env:SMS_SECRET, \
            callbackURL: "http://127.0.0.1:\(stage.port)", timeout: 10s }
            """
        try await StagedHub.with(stage) { hub in
            try await hub.importCustomers(numbers)
            var ids: [String] = []
            for (number, row) in zip(numbers, rows) {
                ids.append(try await hub.send(to: number, channel: "sms", over: "sms", repeats: row.repeats))
            }
            for (id, row) in zip(ids, rows) {
                let standing = try await settled(id, in: row.state, hub)
                #expect(standing.state == row.state, "\(row.name): \(standing)")
                if row.state == "failed" { #expect(standing.rule == row.rule, "\(row.name): \(standing)") }
            }
            try await receipts(ids, rows, hub)
            for (number, row) in zip(numbers, rows) {
                #expect(gateway.count(number) == row.received, "\(row.name)")
            }
            // A gateway that is told anything but 2xx would report for ever.
            #expect(gateway.refusals == [])
            // The states are still the same after everything has been said.
            for (id, row) in zip(ids, rows) {
                #expect(try await hub.message(id).state == row.state, "\(row.name)")
            }
        }
    }

    /// A report may change what is settled, so that the expected state is waited for.
    private func settled(_ id: String, in state: String, _ hub: StagedHub) async throws -> MessageStanding {
        try await Eventually.value("\(id) to be \(state)", within: .seconds(60), log: { hub.log }) {
            let standing = try await hub.message(id)
            return standing.state == state ? standing : nil
        }
    }

    private func receipts(_ ids: [String], _ rows: [GatewayRow], _ hub: StagedHub) async throws {
        var wanted: [String: [String: Int]] = [:]
        for (id, row) in zip(ids, rows) where !row.receipts.isEmpty { wanted[id] = row.receipts }
        var last: [String: [String: Int]] = [:]
        try await Eventually.true("all receipts to be in the log", log: { "\(last)\n\(hub.log)" }) {
            last = try await hub.receipts()
            return last == wanted
        }
    }
}

extension StagedHub {
    /// Rows that came in from outside and name a dispatch, by dispatch and kind.
    func receipts() async throws -> [String: [String: Int]] {
        let rows = try await rows().filter { $0.direction == "inbound" }
        return rows.reduce(into: [:]) { counts, row in
            if let dispatch = row.dispatch { counts[dispatch, default: [:]][row.kind, default: 0] += 1 }
        }
    }
}
