import RapportTestServers
import Testing

extension Hub {
    /// Writes `templates/campaigns/NAME/`.
    func writeCampaign(
        _ name: String, topic: String = "news", channels: String = "email", audience: String = "everyone",
        templates: [String: String] = ["email.txt": "Subject: Hello {{name}}\n\nDear {{name}},\n\nnews for you.\n"]
    ) throws {
        let text = """
            title: "\(name)"
            class: marketing
            topic: \(topic)
            channels: [\(channels)]
            audience: \(audience)
            expires: 2d

            """
        try folder.write(text, to: "templates/campaigns/\(name)/campaign.yaml")
        for (file, text) in templates { try folder.write(text, to: "templates/campaigns/\(name)/\(file)") }
    }

    /// Sends a campaign, waits until it is over, and returns its report, in which the counts must balance.
    func send(_ name: String, occurrence: String? = nil) async throws -> JSON {
        let which = occurrence.map { ["--occurrence", $0] } ?? []
        // Exit code 1 says that messages failed, which some stories are about.
        let result = try await installation.run(["campaign", "send", name] + which)
        #expect([0, 1].contains(result.status.code), "\(result.errors)")
        return try await report(occurrence.map { "\(name)@\($0)" } ?? name, finished: true)
    }

    /// What `campaign report --json` says.
    func report(_ name: String, finished: Bool = false) async throws -> JSON {
        let report = try await Eventually.value("a report of \(name)", within: .seconds(60), log: { log }) {
            let report = try #require(try await rows(["campaign", "report", name, "--examples", "100"]).first)
            return !finished || report["state"].text == "completed" ? report : nil
        }
        #expect(report["states"].counts.values.reduce(0, +) == report["planned"].int, "\(report)")
        return report
    }

    /// Waits until a campaign's messages are in these states.
    func waitForStates(_ states: [String: Int], of name: String, within limit: Duration = .seconds(30)) async throws {
        var last = JSON.null
        try await Eventually.true("\(name) to be \(states)", within: limit, log: { "\(last)\n\(log)" }) {
            last = try await report(name)["states"]
            return last.counts == states
        }
    }
}
