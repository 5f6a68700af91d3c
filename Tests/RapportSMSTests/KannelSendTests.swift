import Foundation
import RapportChannels
import RapportCore
import RapportSMS
import RapportTestSupport
import Testing

@Suite("Sending through Kannel") struct KannelSendTests {
    @Test("posts the text as the body and everything else in headers")
    func post() async throws {
        let http = RecordingHTTP(host: "kannel.test:13013", status: 202, body: "0: Accepted for delivery")
        let receipt = try await Kannel.adapter(http: http).send(try Kannel.message(.text("你好 & bye")))
        #expect(receipt == Receipt(providerMessageID: nil, state: .accepted, detail: "0: Accepted for delivery"))
        let call = try #require(http.calls.first)
        #expect(http.calls.count == 1)
        #expect(call.method == "POST")
        #expect(call.url == "http://kannel.test:13013/cgi-bin/sendsms")
        #expect(call.body == Array("你好 & bye".utf8))
        let headers = Dictionary(uniqueKeysWithValues: call.headers.map { ($0.name, $0.value) })
        let token = Kannel.tokens.tokens(of: Kannel.dispatch)[.delivery]
        #expect(
            headers == [
                "X-Kannel-Username": "rapport", "X-Kannel-Password": "p&ss wörd", "X-Kannel-From": "24453",
                "X-Kannel-To": "+8613800138000", "X-Kannel-Coding": "2", "X-Kannel-DLR-Mask": "31",
                "Content-Type": "text/plain; charset=UTF-8",
                "X-Kannel-DLR-Url": "https://hub.example.com/in/sms/\(Kannel.secret)/dlr?d=\(token)"
                    + "&status=%d&smsc=%F&reply=%A&from=%p&to=%P&time=%T",
            ])
    }

    @Test("or gets with all of it in the query, encoded")
    func get() async throws {
        let http = RecordingHTTP(host: "kannel.test:13013", status: 202, body: "3: Queued for later delivery")
        let adapter = try Kannel.adapter(method: .get, from: nil, http: http)
        let later = Kannel.receivedAt.adding(seconds: 7200)
        let receipt = try await adapter.send(try Kannel.message(.text("5€ & more"), expiresAt: later))
        #expect(receipt.detail == "3: Queued for later delivery")
        let call = try #require(http.calls.first)
        #expect(call.method == "GET")
        let query = try FormFields(query: String(call.url.drop { $0 != "?" }.dropFirst()))
        #expect(try query.text("text") == "5€ & more")
        #expect(try query.text("coding") == "0")
        #expect(try query.text("charset") == "UTF-8")
        #expect(try query.text("password") == "p&ss wörd")
        #expect(try query.text("to") == "+8613800138000")
        #expect(try query.text("from") == nil)
        #expect(try query.text("validity") == "120")
        #expect(try query.text("dlr-mask") == "31")
        #expect(try query.text("dlr-url")?.hasSuffix("&status=%d&smsc=%F&reply=%A&from=%p&to=%P&time=%T") == true)
        #expect(call.allowsPrivateAddresses)
    }

    @Test("what waits for the gateway's other calls is taken back when the hub stops")
    func withdraws() async throws {
        let http = RecordingHTTP(host: "kannel.test:13013", status: 202, body: "0: Accepted for delivery")
        let adapter = try Kannel.adapter(http: http)
        _ = try await adapter.send(try Kannel.message(.text("hi")))
        adapter.withdraw()
        #expect(http.calls.map(\.isRevocable) == [true] && http.isWithdrawn)
    }

    @Test("a text that is too long for a URL is refused for good, and nothing is called")
    func longText() async throws {
        let http = RecordingHTTP(host: "kannel.test:13013", status: 202, body: "0: Accepted for delivery")
        let text = String(repeating: "你", count: 1000)
        let error = await #expect(throws: SendError.self) {
            try await Kannel.adapter(method: .get, http: http).send(try Kannel.message(.text(text)))
        }
        #expect(error?.code == .tooLarge && http.calls.isEmpty)
        _ = try await Kannel.adapter(http: http).send(try Kannel.message(.text(text)))
        #expect(http.calls.count == 1)
    }

    @Test("the receipt's URL comes back to the same dispatch and its way", arguments: [nil, 1] as [Int?])
    func roundTrip(route: Int?) async throws {
        let http = RecordingHTTP(host: "kannel.test:13013", status: 202, body: "0: Accepted for delivery")
        var message = try Kannel.message(.text("x"))
        message.route = route
        _ = try await Kannel.adapter(http: http).send(message)
        let url = try #require(http.calls[0].headers.first { $0.name == "X-Kannel-DLR-Url" }?.value)
        let query = String(url.drop { $0 != "?" }.dropFirst()).replacing("%d", with: "8").replacing("%F", with: "")
            .replacing("%A", with: "ACK%2F").replacing("%p", with: "%2B86").replacing("%P", with: "1")
            .replacing("%T", with: "1795364850")
        let event = try Kannel.receive("dlr", query)
        #expect(event.dispatch == .dispatch(Kannel.dispatch) && event.route == route)
    }

    @Test(
        "every refusal has its code",
        arguments: [
            (403, "Authorization failed for sendsms", SendError.Code.authentication), (401, "", .authentication),
            (403, "Not routable. Do not try again.", .rejected),
            (503, "Temporal failure, try again later.", .temporary),
            (400, "Sender missing and no global set, rejected", .configuration),
            (400, "Invalid content-type", .configuration),
            (400, "Number(s) has/have been denied by white- and/or black-lists.", .rejected),
            (400, "DLR-Mask field misformed, rejected", .rejected), (404, "Unknown request.", .configuration),
            (413, "", .tooLarge), (429, "", .throttled), (500, "", .temporary), (302, "", .configuration),
            (200, "I am a captive portal", .uncertain),
        ])
    func refusals(status: Int, body: String, code: SendError.Code) async throws {
        let http = RecordingHTTP(
            host: "kannel.test:13013", status: status, body: body, headers: [HTTPField("retry-after", "30")])
        let adapter = try Kannel.adapter(http: http)
        let error = await #expect(throws: SendError.self) { try await adapter.send(try Kannel.message(.text("x"))) }
        #expect(error?.code == code)
        #expect(error?.status == "HTTP \(status)")
        #expect(error?.retryAfterSeconds == (code == .throttled || code == .temporary ? 30 : nil))
        #expect(error?.description.contains("8613800138000") == false)
    }

    @Test(
        "a broken call is certain or not by when it broke",
        arguments: [
            (HTTPCallError.Code.connection, SendError.Code.connection), (.tls, .connection),
            (.timeoutBeforeSent, .timeout), (.lostAfterSent, .uncertain), (.cancelled, .uncertain),
            (.withdrawn, .withdrawn),
            (.answerTooLarge, .uncertain), (.refusedURL, .configuration),
        ])
    func broken(failure: HTTPCallError.Code, code: SendError.Code) async throws {
        let http = RecordingHTTP(host: "kannel.test:13013") { _ throws(HTTPCallError) in
            throw HTTPCallError(failure)
        }
        let adapter = try Kannel.adapter(http: http)
        let error = await #expect(throws: SendError.self) { try await adapter.send(try Kannel.message(.text("x"))) }
        #expect(error?.code == code)
        #expect(http.calls.count == 1)
    }

    @Test("carries nothing but text")
    func unsupported() async throws {
        let adapter = try Kannel.adapter()
        await #expect(throws: SendError(.unsupported)) {
            try await adapter.send(try Kannel.message(.email(EmailContent(subject: "s", text: "t"))))
        }
    }
}
