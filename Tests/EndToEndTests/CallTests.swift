import Foundation
import FoundationXML
import RapportTestServers
import Testing

@Suite("Telephone calls over Twilio", .takesPlace, .timeLimit(.minutes(5)))
struct CallTests {
    private static let token = "twilio-auth-token"
    private static let menu = """
        language: en
        start: main
        nobody: { en: One of us, zh: 我们 }
        nodes:
          main:
            say: { en: "Welcome & hello. For no more news, press 1; to be called back, 2.", zh: "欢迎致电。" }
            gather:
              keys:
                1: { optOut: news, goto: done }
                2: { followUp: callback, goto: owner }
          owner: { say: { en: "{{owner}} will call you back.", zh: "{{owner}}会给您回电。" } }
          done: { say: { en: "Thank you.", zh: "谢谢。" } }

        """

    private func setup() throws -> HubSetup {
        var setup = try HubSetup()
        setup.environment["TWILIO_TOKEN"] = Self.token
        setup.adapters["phone"] = "{ type: twilio-voice, authToken: env:TWILIO_TOKEN, menu: main }"
        setup.sendsMail(toPort: try FreePort.take())
        return setup
    }

    private func with(_ body: (Hub) async throws -> Void) async throws {
        try await Hub.with(
            try setup(), prepare: { try $0.folder.write(Self.menu, to: "templates/ivr/main.yaml") }
        ) { hub in
            try await hub.importCustomers([
                "crm/1,Ana,ana@good.test,+4930901820,en,Lena,,", "crm/2,李明,li@good.test,13800138000,zh-CN,王芳,,",
            ])
            try await body(hub)
        }
    }

    /// What Twilio sends of one call, and the TwiML that comes back.
    private func call(
        _ hub: Hub, _ sid: String, from caller: String, path: String = "/in/phone", _ fields: [String: String]
    ) async throws -> TwiML {
        let form = ["CallSid": sid, "From": caller, "To": "+861012345678", "Direction": "inbound"]
            .merging(fields) { $1 }
        let url = HubSetup.publicURL + path
        let signature = try await Signing.twilio(url: url, form: form, token: Self.token)
        let body = form.map { FormFields.encode([$0.key: $0.value]) }.joined(separator: "&")
        let answer = try await hub.post(
            path,
            headers: ["X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"],
            body: body)
        #expect(answer.status == 200, "\(answer.text)")
        return try TwiML(answer.text)
    }

    @Test("let a caller opt out of a topic by a key, and the next campaign heeds it")
    func optOut() async throws {
        try await with { hub in
            let welcome = try await call(hub, "CA1", from: "+4930901820", ["CallStatus": "ringing"])
            #expect(welcome.said.contains("Welcome & hello."))
            let step = try #require(welcome.action)
            let bye = try await call(
                hub, "CA1", from: "+4930901820", path: step, ["CallStatus": "in-progress", "Digits": "1"])
            #expect(bye.said == "Thank you.")
            _ = try await call(
                hub, "CA1", from: "+4930901820", path: "/in/phone/status",
                ["CallStatus": "completed", "CallDuration": "9"])

            let rows = try await hub.interactions().filter { $0["adapter"].text == "phone" }
            #expect(rows.map { $0["kind"].text } == ["call.started", "call.digits", "call.completed"])
            #expect(Set(rows.map { $0["conversation"].text }) == ["call:CA1"])
            let denied = try await hub.rows(["consent", "show", "id:crm/1"])
            #expect(denied.contains { $0["state"].text == "denied" && $0["topic"].text == "news" }, "\(denied)")

            try hub.writeCampaign("spring", audience: "{ languages: [en] }")
            #expect(try await hub.send("spring")["skipped"].counts == ["consent": 1])
        }
    }

    @Test("go on where they were after the hub was restarted, and a wish to be called back is somebody's to answer")
    func callback() async throws {
        try await with { hub in
            let welcome = try await call(hub, "CA2", from: "+8613800138000", ["CallStatus": "ringing"])
            #expect(welcome.said == "欢迎致电。")
            let step = try #require(welcome.action)
            try await hub.process.kill()
            try await hub.start()
            let pressed = ["CallStatus": "in-progress", "Digits": "2"]
            let answer = try await call(hub, "CA2", from: "+8613800138000", path: step, pressed)
            #expect(answer.said == "王芳会给您回电。")
            // Twilio asks again when an answer got lost: the caller hears it again and nothing happens twice.
            #expect(try await call(hub, "CA2", from: "+8613800138000", path: step, pressed) == answer)
            let open = try await hub.rows(["followup", "list"])
            #expect(open.count == 1)
            #expect(open.first?["kind"].text == "callback")
            #expect(open.first?["owner"].text == "王芳")
            #expect(open.first?["dueAt"].text != nil)
            #expect(try await hub.interactions(kind: "call.callback-requested").count == 1)
        }
    }

    @Test("that Twilio did not sign are refused")
    func unsigned() async throws {
        try await with { hub in
            let answer = try await hub.post(
                "/in/phone",
                headers: ["X-Twilio-Signature": "AAAA", "Content-Type": "application/x-www-form-urlencoded"],
                body: "CallSid=CA3&From=%2B4930901820&CallStatus=ringing")
            #expect(answer.status == 401)
            #expect(try await hub.interactions().allSatisfy { $0["adapter"].text != "phone" })
        }
    }
}

/// A TwiML document as an XML parser sees it.
private struct TwiML: Equatable {
    /// Every `<Say>`, one after the other.
    let said: String
    /// Path and query that the first `<Gather>` calls.
    let action: String?

    init(_ text: String) throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        guard parser.parse(), reader.root == "Response" else { throw TestServerError("no TwiML", log: text) }
        said = reader.said
        action = reader.action.map { $0.replacing(HubSetup.publicURL, with: "") }
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var root: String?
        var said = ""
        var action: String?
        private var isSaying = false

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            root = root ?? name
            isSaying = name == "Say"
            if name == "Gather" { action = action ?? attributes["action"] }
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            isSaying = false
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if isSaying { said += text }
        }
    }
}
