import RapportTestServers
import Testing

@Suite("Signing up where the policy asks for a double opt-in", .takesPlace, .timeLimit(.minutes(5)))
struct DoubleOptInTests {
    private static let signUp = #"{"changes": [{"topic": "club", "channel": "email", "state": "granted"}]}"#
    private static let message = """
        {"address": "ana@good.test", "channels": ["email"], "class": "transactional", "topic": "care",
         "subject": "Please confirm", "text": "Was it you? Then confirm it here: {{preferencesURL}}"}
        """

    @Test("reaches nobody until the holder of the mailbox has confirmed it through the link that was sent there")
    func confirms() async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        setup.more = APIClient.tokens
        try await Hub.with(setup) { hub in
            let api = APIClient(hub: hub)
            let ana = try await api.send(
                "POST", "customers", #"{"addresses": ["mailto:ana@good.test"], "name": "Ana"}"#)
            #expect(ana.status == 201)
            let id = try #require(ana.json["id"].text)
            let granted = try await api.send("PUT", "customers/\(id)/preferences", Self.signUp)
            #expect(granted.status == 200)
            let club = granted.json["topics"].list.first { $0["topic"].text == "club" }
            #expect(club?["allowed"]["email"].flag == false)
            #expect(club?["unconfirmed"].list.map(\.text) == ["email"])

            try hub.writeCampaign("first", topic: "club")
            #expect(try await hub.send("first")["skipped"].counts == ["consent": 1])
            let why = try await hub.command(["policy", "explain", "--customer", id, "--campaign", "first"])
            #expect(why.output.contains("opt-in, and not confirmed"), "\(why.output)")

            let page = try await confirmationPage(hub, api)
            let before = try await hub.rows(["consent", "show", id])
            let shown = try await LoopbackHTTP.get(page, port: hub.port)
            #expect(shown.status == 200 && shown.text.contains("Please confirm"), "\(shown.text)")
            #expect(shown.text.contains("name=\"confirm\" value=\"email:club\""), "\(shown.text)")
            #expect(try await hub.rows(["consent", "show", id]) == before)
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            let saved = try await hub.post(page, headers: form, body: "form=preferences&confirm=email%3Aclub")
            #expect(saved.status == 303)
            let after = try await hub.rows(["consent", "show", id])
            #expect(after.count == before.count + 1)
            #expect(
                after.filter { $0["confirmedAt"].text != nil }.map { $0["address"].text } == ["mailto:ana@good.test"])

            try hub.writeCampaign("second", topic: "club")
            let second = try await hub.send("second")
            let sent = second["states"].counts
            #expect((sent["accepted"] ?? 0) + (sent["delivered"] ?? 0) == 1, "\(second)")
        }
    }

    /// Where the link leads to that stands in the mail.
    private func confirmationPage(_ hub: Hub, _ api: APIClient) async throws -> String {
        let asked = try await api.send("POST", "messages", Self.message)
        #expect(asked.status == 202)
        let dispatch = try #require(asked.json["dispatch"].text)
        let mail = try await Eventually.value("the mail", log: { hub.log }) {
            let text = hub.folder.text(of: "outbox/\(dispatch).eml")
            return text.isEmpty ? nil : text
        }
        // Lines of quoted-printable (RFC 2045, section 6.7) may break anywhere.
        let unfolded = mail.replacing("=\r\n", with: "").replacing("=\n", with: "")
        let link = try #require(
            unfolded.split { " \r\n".contains($0) }.first { $0.hasPrefix(HubSetup.publicURL + "/u/d") })
        return String(link.dropFirst(HubSetup.publicURL.count))
    }
}
