import RapportTestServers
import Testing

@Suite("The API of a running hub", .takesPlace, .timeLimit(.minutes(5)))
struct APITests {
    private func with(_ body: (Hub, APIClient) async throws -> Void) async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        setup.more = APIClient.tokens
        try await Hub.with(setup) { hub in try await body(hub, APIClient(hub: hub)) }
    }

    @Test("lets a token do what its scopes say, and nothing without one")
    func scopes() async throws {
        try await with { hub, all in
            let new = #"{"addresses": ["mailto:ana@good.test"]}"#
            let (reader, nobody, forger) = (
                APIClient(hub: hub, token: "e2e-read"), APIClient(hub: hub, token: nil),
                APIClient(hub: hub, token: "e2e-rea")
            )
            for (client, status) in [(nobody, 401), (forger, 401), (reader, 403), (all, 201)] {
                let answer = try await client.send("POST", "customers", new)
                #expect(answer.status == status)
            }
            let message = """
                {"address": "ana@good.test", "channels": ["email"], "class": "service", "topic": "care",
                 "subject": "Hello", "text": "Hello"}
                """
            for (client, status) in [(nobody, 401), (reader, 403), (all, 202)] {
                let answer = try await client.send("POST", "messages", message)
                #expect(answer.status == status)
            }
            for (client, status) in [(nobody, 401), (reader, 200), (all, 200)] {
                let answer = try await client.send("GET", "campaigns")
                #expect(answer.status == status)
            }
            #expect(!hub.log.contains("e2e-all") && !hub.log.contains("e2e-read"))
        }
    }

    @Test("makes a customer once, answers a caller's number with a brief, and turns the pages of a timeline")
    func customers() async throws {
        try await with { _, api in
            let ana = #"{"addresses": ["mailto:ana@good.test", "tel:+8613800138000"], "name": "Ana", "owner": "Lena"}"#
            let made = try await api.send("POST", "customers", ana)
            let again = try await api.send("POST", "customers", ana)
            #expect((made.status, again.status) == (201, 200))
            let id = try #require(made.json["id"].text)
            #expect(again.json["id"].text == id)
            #expect(
                try await api.send("PATCH", "customers/\(id)", #"{"language": "zh-CN"}"#).json["name"].text == "Ana")

            let notes = (1...5).map {
                #"{"id": "n\#($0)", "kind": "note.added", "customer": "\#(id)", "text": "\#($0)"}"#
            }
            let batch = "[\(notes.joined(separator: ","))]"
            #expect(try await api.send("POST", "events", batch).status == 202)
            #expect(try await api.send("POST", "events", batch).status == 200)
            let bad = try await api.send("POST", "events", #"[{"kind": "consent.denied", "customer": "c1"}]"#)
            #expect(bad.status == 400)
            #expect(bad.json["detail"].text?.contains("$[0].kind") == true, "\(bad.json)")

            let found = try await api.send("GET", "customers?address=013800138000").json["customers"].list
            #expect(found.map { $0["customer"].text } == [id])
            #expect(found.first?["owner"].text == "Lena")

            var texts: [String] = []
            var next: String?
            repeat {
                let page = try await api.send(
                    "GET", "customers/\(id)/timeline?limit=2" + (next.map { "&before=\($0)" } ?? "")
                ).json
                let rows = page["interactions"].list
                #expect((1...2).contains(rows.count))
                texts += rows.compactMap { $0["text"].text }
                next = page["next"].text
            } while next != nil
            #expect(texts == ["5", "4", "3", "2", "1"])
            #expect(try await api.send("GET", "customers/c999").status == 404)
        }
    }

    @Test("plans a message once under its key, replays the answer, and refuses another body")
    func messages() async throws {
        try await with { hub, api in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            func message(_ text: String) -> String {
                """
                {"address": "ana@good.test", "channels": ["email"], "class": "transactional", "topic": "care",
                 "subject": "Your order", "text": "\(text)"}
                """
            }
            let first = try await api.send("POST", "messages", message("7"), key: "order-7")
            let again = try await api.send("POST", "messages", message("7"), key: "order-7")
            #expect((first.status, again.status) == (202, 202))
            #expect(first.json == again.json)
            #expect(try await api.send("POST", "messages", message("8"), key: "order-7").status == 422)
            let id = try #require(first.json["dispatch"].text)
            try await Eventually.true("the message to be delivered", log: { hub.log }) {
                try await api.send("GET", "messages/\(id)").json["state"].text == "delivered"
            }
            #expect(try await hub.interactions(kind: "message.sent").count == 1)
            // The answer outlives the process that gave it.
            #expect(try await hub.process.terminate() == .exited(0))
            try await hub.start()
            #expect(try await api.send("POST", "messages", message("7"), key: "order-7").json == first.json)
            #expect(try await hub.interactions(kind: "message.sent").count == 1)
        }
    }

    @Test("shows a campaign with its counts and steers it")
    func campaigns() async throws {
        try await with { hub, api in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            try hub.writeCampaign("spring")
            #expect(try await hub.send("spring")["planned"].int == 1)
            let shown = try await api.send("GET", "campaigns/spring").json
            #expect(shown["state"].text == "completed" && shown["planned"].int == 1)
            #expect(try await api.send("GET", "campaigns").json["campaigns"].list.count == 1)
            #expect(try await api.send("POST", "campaigns/spring/pause").status == 409)
            #expect(try await api.send("POST", "campaigns/winter/pause").status == 404)
        }
    }

    @Test("and its preference page: what a customer unticks and pauses holds for the next campaign")
    func preferences() async throws {
        try await with { hub, api in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,zh-CN,,,"])
            try hub.writeCampaign("first")
            #expect(try await hub.send("first")["planned"].int == 1)
            let sent = try await hub.interactions(kind: "message.sent", count: 1)[0]
            let mail = hub.folder.text(of: "outbox/\(try #require(sent["dispatch"].text)).eml")
            #expect(mail.hasPrefix("X-Sandbox: written, not sent"))
            let link = try #require(mail.split { "<>, \r\n".contains($0) }.first { $0.contains("/u/d") })
            let page = String(link.dropFirst(HubSetup.publicURL.count))

            let shown = try await LoopbackHTTP.get(page, port: hub.port)
            #expect(shown.status == 200)
            #expect(shown.headers["content-language"] == "zh")
            #expect(shown.text.contains("value=\"email:news\""), "\(shown.text)")
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            let saved = try await hub.post(
                page, headers: form, body: "form=preferences&shown=1%3Aemail%3Anews&shown=0%3Aemail%3Aoffers&pause=1")
            #expect(saved.status == 303)
            let told = try await api.send("GET", "customers/c1/preferences").json
            #expect(told["channels"].list.map(\.text) == ["email"])
            #expect(told["topics"].list.first { $0["topic"].text == "news" }?["allowed"]["email"].flag == false)
            #expect(told["pausedUntil"].text != nil)
            let denied = try await hub.rows(["consent", "show", "crm/1"])
            #expect(denied.contains { $0["state"].text == "denied" && $0["method"].text == "preference-page" })

            try hub.writeCampaign("second")
            #expect(try await hub.send("second")["skipped"].counts == ["consent": 1])
        }
    }

    @Test("calls everything by the names that the command line has for it")
    func names() async throws {
        try await with { hub, api in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,zh-CN,Lena,vip,news:email:granted"])
            try hub.writeCampaign("spring")
            #expect(try await hub.send("spring")["planned"].int == 1)
            try await hub.interactions(kind: "delivery.delivered", count: 1)
            _ = try await api.send(
                "POST", "events", #"{"kind": "message.received", "customer": "c1", "text": "hello"}"#)
            let campaigns = try await api.send("GET", "campaigns").json["campaigns"].list
            let topics = try await api.send("GET", "customers/c1/preferences").json["topics"].list
            let followUps = try await api.send("GET", "follow-ups").json["followUps"].list
            let timeline = try await api.send("GET", "customers/c1/timeline").json["interactions"].list
            let customer = try await hub.customer("c1")
            let pairs = try await [
                (api.send("GET", "customers/c1").json, customer), (topics[0], customer["preferences"].list[0]),
                (timeline[0], hub.rows(["customer", "timeline", "c1"])[0]),
                (followUps[0], hub.rows(["followup", "list"])[0]),
                (api.send("GET", "messages/d1").json, hub.rows(["message", "show", "d1"])[0]),
                (campaigns[0], hub.rows(["campaign", "list"])[0]),
                (api.send("GET", "campaigns/spring").json, hub.rows(["campaign", "report", "spring"])[0]),
                (campaigns[0], hub.status().json["campaigns"].list[0]),
            ]
            for (told, printed) in pairs {
                #expect(!told.names.isEmpty)
                #expect(told.names.subtracting(printed.names).isEmpty, "\(told)\n\(printed)")
            }
            // What tells a run apart is called as in everything that refers to it.
            #expect(campaigns[0]["campaign"].text == "spring" && timeline.contains { $0["campaign"].text == "spring" })
            let adapters = try await hub.status().json["adapters"].list
            #expect(adapters.allSatisfy { $0["inbound"].int != nil && $0["outbound"].int != nil }, "\(adapters)")
            let asked = try await hub.rows([
                "message", "send", "--to", "c1", "--channel", "email", "--class", "service", "--topic", "care",
                "--subject", "Hello", "--text", "Hello",
            ])
            #expect(asked[0].names == ["dispatch", "customer", "repetition"])
        }
    }
}
