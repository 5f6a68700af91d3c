import RapportTestServers
import Testing

@Suite("A real Kannel", .enabled(if: Machine.hasKannel), .timeLimit(.minutes(3)))
struct KannelServerTests {
    private func incomingURL(_ listener: HTTPListener) -> String {
        "http://127.0.0.1:\(listener.port)/in?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I"
    }

    private func send(_ text: String, to number: String, _ server: KannelServer, _ listener: HTTPListener) async throws
        -> LoopbackHTTP.Answer
    {
        let report = "http://127.0.0.1:\(listener.port)/report?type=%d&smsc=%A"
        let query = FormFields.encode([
            "username": server.username, "password": server.password, "to": number, "text": text,
            "charset": "UTF-8", "coding": text.utf8.allSatisfy { $0 < 128 } ? "0" : "2",
            "dlr-mask": "31", "dlr-url": report,
        ])
        return try await LoopbackHTTP.get("/cgi-bin/sendsms?" + query, port: server.port)
    }

    @Test("sends to phones and reports the delivery", arguments: ["Hello, Ana & all", "你好 👋"])
    func sends(text: String) async throws {
        let listener = try HTTPListener()
        try await KannelServer.with(incomingURL: incomingURL(listener)) { server in
            #expect(try await send(text, to: "+8613800138000", server, listener).status == 202)
            let sms = try await server.sent(count: 1)[0]
            #expect(sms.text == text)
            #expect(sms.to == "+8613800138000")
            #expect(sms.from == "10690")
            _ = try await listener.request("report 8") { $0.path == "/report" && $0.query["type"] == "8" }
            _ = try await listener.request("report 1") { $0.path == "/report" && $0.query["type"] == "1" }
        }
    }

    @Test("sends a long text in segments")
    func segments() async throws {
        let listener = try HTTPListener()
        try await KannelServer.with(incomingURL: incomingURL(listener)) { server in
            let text = String(repeating: "0123456789", count: 20)
            #expect(try await send(text, to: "+8613800138000", server, listener).status == 202)
            let parts = try await server.sent(count: 2)
            #expect(parts.allSatisfy { $0.header.count == 6 && $0.header[4] == 2 })
            #expect(parts.map(\.text).joined() == text)
        }
    }

    @Test("refuses a number that no SMSC takes")
    func refuses() async throws {
        let listener = try HTTPListener()
        try await KannelServer.with(incomingURL: incomingURL(listener)) { server in
            let answer = try await send("Hello", to: "+19995550100", server, listener)
            #expect(answer.status == 403)
            #expect(answer.text == "Not routable. Do not try again.")
            #expect(server.sent.isEmpty)
        }
    }

    @Test("fetches the address for incoming messages", arguments: ["STOP", "please stop & go"])
    func receives(text: String) async throws {
        let listener = try HTTPListener()
        try await KannelServer.with(incomingURL: incomingURL(listener)) { server in
            try server.receive(from: "+8613800138000", to: "10690", text: text)
            let query = try await listener.request("an incoming message") { $0.path == "/in" }.query
            #expect(query["from"] == "+8613800138000")
            #expect(query["to"] == "10690")
            #expect(query["text"] == text, "\(query)")
            #expect(query["id"]?.isEmpty == false)
        }
    }

    @Test("hands on incoming UCS-2 as the bytes of UTF-16, and says so")
    func receivesUnicode() async throws {
        let listener = try HTTPListener()
        try await KannelServer.with(incomingURL: incomingURL(listener)) { server in
            try server.receive(from: "+8613800138000", to: "10690", text: "退订")
            let request = try await listener.request("an incoming message") { $0.path == "/in" }
            #expect(request.queryBytes["text"] == [0x90, 0x00, 0x8B, 0xA2])
            #expect(request.query["charset"] == "UTF-16BE")
            #expect(request.query["coding"] == "2")
        }
    }

    @Test("fetches again when the receiver could not take the message")
    func retries() async throws {
        let asked = Counter()
        let listener = try HTTPListener { _ in HTTPListener.Answer(status: asked.next() == 1 ? 503 : 200) }
        try await KannelServer.with(incomingURL: incomingURL(listener)) { server in
            try server.receive(from: "+8613800138000", to: "10690", text: "again")
            try await Eventually.true("a second try", log: { server.log }) { listener.requests.count > 1 }
            #expect(Set(listener.requests.map { $0.query["id"] }).count == 1)
        }
    }
}
