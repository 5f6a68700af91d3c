import Foundation
import RapportTestServers
import Testing

@Suite("Webhooks coming in", .takesPlace, .timeLimit(.minutes(5)))
struct WebhookTests {
    private func setup() throws -> HubSetup {
        var setup = try HubSetup()
        setup.environment["SHOP_SECRET"] = Signing.webhookSecret
        setup.environment["EVENTS_SECRET"] = "a-token-for-cloud-events"
        setup.adapters["shop"] = """
            { type: webhook, maxBody: 2000, signature: { scheme: standard-webhooks, secret: env:SHOP_SECRET }, \
            map: { id: /id, time: /timestamp, kind: /type, kinds: { contact.requested: message.received }, \
            addresses: [{ at: /data/email, scheme: mailto }], subject: /data/subject, text: /data/text } }
            """
        setup.adapters["events"] = """
            { type: webhook, format: cloudevents, signature: { scheme: bearer, secret: env:EVENTS_SECRET }, \
            map: { addresses: [{ at: /data/email, scheme: mailto }], text: /data/text } }
            """
        return setup
    }

    private func event(_ id: String, text: String = "please call me") -> String {
        #"{"id":"\#(id)","type":"contact.requested","timestamp":"2026-03-01T09:00:00Z","#
            + #""data":{"email":"fay@example.com","subject":"Call","text":"\#(text)"}}"#
    }

    private func position(_ hub: Hub) async throws -> Int? {
        try await hub.status().json["store"]["lastPosition"].int
    }

    @Test("are taken once, whoever sends them again, and after a restart too")
    func once() async throws {
        try await Hub.with(try setup()) { hub in
            let body = event("evt_1")
            let headers = try await Signing.webhook(id: "msg_1", body: body)
            #expect(try await hub.post("/in/shop", headers: headers, body: body).status == 200)
            let rows = try await hub.interactions(kind: "message.received")
            #expect(rows.count == 1)
            #expect(rows[0]["occurredAt"].text == "2026-03-01T09:00:00Z")
            #expect(rows[0]["text"].text == "please call me")
            let before = try await position(hub)
            #expect(try await hub.post("/in/shop", headers: headers, body: body).status == 200)
            // The sender tries again under a new signature.
            let again = try await Signing.webhook(id: "msg_2", body: body)
            #expect(try await hub.post("/in/shop", headers: again, body: body).status == 200)
            try await hub.process.kill()
            try await hub.start()
            #expect(try await hub.post("/in/shop", headers: again, body: body).status == 200)
            #expect(try await position(hub) == before)
            #expect(try await hub.rows(["followup", "list"]).count == 1)
        }
    }

    @Test("that nobody may send leave no trace but a number, and wrong ones are told their mistake's place")
    func refused() async throws {
        try await Hub.with(try setup()) { hub in
            let body = event("evt_1")
            let good = try await Signing.webhook(id: "msg_1", body: body)
            var forged = good
            forged["webhook-signature"] = "v1," + Data(repeating: 7, count: 32).base64EncodedString()
            let stale = try await Signing.webhook(id: "msg_1", body: body, at: Int(Date().timeIntervalSince1970) - 600)
            let broken = #"{"id": "evt_2", "type": }"#
            let signed = try await Signing.webhook(id: "msg_2", body: broken)
            let large = event("evt_3", text: String(repeating: "x", count: 3000))
            let largeSigned = try await Signing.webhook(id: "msg_3", body: large)
            let before = try await position(hub)

            let unsigned = ["Content-Type": "application/json"]
            for (path, headers, body, status) in [
                ("/in/shop", forged, body, 401), ("/in/shop", good, body + " ", 401), ("/in/shop", unsigned, body, 401),
                ("/in/shop", stale, body, 401), ("/in/nobody", good, body, 404),
                ("/in/shop", signed, broken, 400), ("/in/shop", largeSigned, large, 413),
            ] {
                let answer = try await hub.post(path, headers: headers, body: body)
                #expect(answer.status == status, "\(path) \(headers)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                let problem = try JSON(answer.text)
                #expect(problem["status"].int == status)
                // A forger learns nothing, an honest sender where the mistake is.
                if status == 401 { #expect(problem["detail"] == .null) }
                if status == 400 {
                    #expect(problem["detail"].text?.contains(where: \.isNumber) == true, "\(problem)")
                }
            }
            #expect(try await position(hub) == before)
            #expect(try await hub.status().json["store"]["customers"].int == 0)

            let metrics = try await LoopbackHTTP.get("/metrics", port: hub.port).text
            for (code, count) in ["signature": 3, "stale": 1, "malformed": 1, "too-large": 1] {
                let line = metrics.split(separator: "\n").first {
                    $0.hasPrefix("rapport_inbound_rejections_total{") && $0.contains(#"adapter="shop""#)
                        && $0.contains(#"code="\#(code)""#)
                }
                #expect(line?.hasSuffix(" \(count)") == true, "\(code): \(line ?? "")")
            }
            #expect(!hub.log.contains("fay@example.com"))
            #expect(try await hub.post("/in/shop", headers: good, body: body).status == 200)
        }
    }

    @Test("may be CloudEvents: structured, binary or many at once")
    func cloudEvents() async throws {
        try await Hub.with(try setup()) { hub in
            func post(_ type: String, with fields: [String: String] = [:], _ body: String) async throws -> Int {
                let headers = ["Authorization": "Bearer a-token-for-cloud-events", "Content-Type": type]
                return try await hub.post("/in/events", headers: headers.merging(fields) { $1 }, body: body).status
            }
            func structured(_ id: String) -> String {
                #"{"specversion":"1.0","id":"\#(id)","source":"/shop","type":"order.placed","#
                    + #""time":"2026-03-01T09:00:00Z","data":{"email":"fay@example.com","text":"order \#(id)"}}"#
            }
            #expect(try await post("application/cloudevents+json", structured("1")) == 200)
            #expect(
                try await post(
                    "application/json",
                    with: ["ce-specversion": "1.0", "ce-id": "2", "ce-source": "/shop", "ce-type": "order.placed"],
                    #"{"email":"fay@example.com","text":"order 2"}"#) == 200)
            let batch = "[\(structured("2")),\(structured("3"))]"
            #expect(try await post("application/cloudevents-batch+json", batch) == 200)
            #expect(try await post("application/cloudevents+json", #"{"specversion":"0.3"}"#) == 400)
            let wrong = ["Authorization": "Bearer x"]
            #expect(try await post("application/cloudevents+json", with: wrong, structured("4")) == 401)
            let rows = try await hub.interactions(kind: "event.order.placed")
            #expect(rows.map { $0["text"].text } == ["order 1", "order 2", "order 3"])
            #expect(Set(rows.map { $0["customer"].text }).count == 1)
        }
    }
}
