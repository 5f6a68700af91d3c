import Foundation
import RapportChannels
import RapportCore
import RapportEmail
import RapportHub
import RapportWebhook
import RapportYAML
import Testing

@testable import RapportApp

@Suite("Settings of adapters")
struct AdapterSettingsTests {
    /// One complete set of settings for each type of the catalog.
    private static let complete: [String: String] = [
        "smtp": "host: h, from: a@example.com, returnPath: b@example.com",
        "lmtp": "listen: \"127.0.0.1:24\", returnPath: b@example.com",
        "kannel": "url: \"http://sms.example/send\", username: u, password: env:P, secret: env:S",
        "webhook": "signature: {scheme: none}",
        "webhook-out": "url: \"https://a.example/hook\", secret: env:S",
        "twilio-voice": "authToken: env:T",
        "ivr-json": "signature: {scheme: bearer, secret: env:S}",
        "sandbox": "channel: sms, secret: env:S",
    ]

    private func message(type: String, _ settings: String) -> String? {
        let text = "{type: \(type), \(settings)}"
        do {
            _ = try AdapterCatalog.read(YAMLValue.parse(text, file: "a.yaml"), folder: "/etc")
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("Every type of the catalog reads its settings, says them, and refuses a key that it does not have")
    func everyType() throws {
        #expect(Set(AdapterCatalog.types.map { $0.type }) == Set(Self.complete.keys))
        for type in AdapterCatalog.types {
            let settings = try #require(Self.complete[type.type])
            #expect(message(type: type.type, settings) == nil)
            let wrong = try #require(message(type: type.type, settings + ", zzzzzz: 1"))
            #expect(wrong.contains("unknown key ‘zzzzzz’; expected one of: "), "\(wrong)")
            let read = try AdapterCatalog.read(
                YAMLValue.parse("{type: \(type.type), \(settings)}", file: "a.yaml"), folder: "/etc")
            #expect(!read.described.isEmpty)
        }
    }

    @Test("A slip in any key of any type names that key")
    func everyKey() throws {
        for type in AdapterCatalog.types {
            for key in type.keys where key.count > 3 {
                let slip = String(key.dropLast()) + "_"
                let problem = try #require(message(type: type.type, "\(slip): 1"))
                #expect(problem.hasPrefix("a.yaml:1:"), "\(problem)")
                #expect(problem.contains("‘\(slip)’; did you mean ‘"), "\(type.type): \(problem)")
            }
        }
    }

    @Test("A relay's secret is read for each connection, so that a renewed one is used")
    func renewedSecret() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "token-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text =
            "{type: smtp, host: h, user: u, accessToken: \"file:\(path)\", from: a@example.com, returnPath: b@example.com}"
        let settings = try AdapterCatalog.read(YAMLValue.parse(text, file: "a.yaml"), folder: "/etc")
        let current = try #require((settings as? SMTPSettings)?.currentCredentials)
        await #expect(throws: SendError(.configuration, status: "no secret")) { _ = try await current() }
        for token in ["first", "second"] {
            try Data(token.utf8).write(to: URL(filePath: path))
            let credentials = try await current()
            #expect(credentials.kind == .accessToken && credentials.secret.value == token)
        }
    }

    @Test("A repetition of Standard Webhooks is known by its header, unless the map names another")
    func standardWebhooksID() throws {
        func header(_ settings: String) throws -> String? {
            let value = try YAMLValue.parse("{type: webhook, \(settings)}", file: "a.yaml")
            return (try AdapterCatalog.read(value, folder: "/etc") as? WebhookSettings)?.mapping.idHeader
        }
        let signed = "signature: {scheme: standard-webhooks, secret: env:S}"
        #expect(try header(signed) == "webhook-id")
        #expect(try header(signed + ", map: {idHeader: X-Event}") == "x-event")
        #expect(try header("signature: {scheme: none}") == nil)
    }

    @Test("Webhooks that go out without a URL reach addresses of the web only")
    func reachableSchemes() throws {
        let settings = "type: webhook-out, secret: env:S"
        let text =
            "secret: env:A\nadapters:\n  own: {\(settings)}\n"
            + "  bus: {\(settings), url: \"https://bus.example/in\"}\n"
        let routes = try HubConfiguration(text: text, file: "etc/rapport.yaml").routes
        #expect(routes.adapters == [.webhook: ["own", "bus"]])
        #expect(routes.schemes == ["own": [.https]])
    }

    @Test("A business's own keywords are understood beside the usual ones")
    func keywords() throws {
        let value = try YAMLValue.parse("{stop: [Storno], help: [Auskunft]}", file: "a.yaml")
        let reader = try KeywordSettings(value).reader
        #expect(reader.request(in: "STORNO!") == .stop(keyword: "storno"))
        #expect(reader.request(in: "auskunft") == .help(keyword: "auskunft"))
        #expect(reader.request(in: "stop") == .stop(keyword: "stop"))
        let settings = "url: \"http://a.example\", username: u, password: env:P, secret: env:S"
        #expect(message(type: "kannel", settings + ", keywords: {stopp: [x]}")?.contains("‘stop’") == true)
        #expect(message(type: "kannel", settings + ", keywords: {stop: [\"!\"]}")?.contains("expected a word") == true)
    }

    /// Of an authority that nobody has the key of.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBgDCCASegAwIBAgIUREugzWe18D3Io129coCHOqpC2+8wCgYIKoZIzj0EAwIw
        FTETMBEGA1UEAwwKY2EuZXhhbXBsZTAgFw0yNjExMzAwMzUyNTJaGA8yMTI2MTEw
        NjAzNTI1MlowFTETMBEGA1UEAwwKY2EuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABA1K2ektba5JoZ9tolIV7c53G5ktLQGX3PKU9ZLIaxwFuLPPyAcu
        03aHzq01mBFY5uE6lAsFLw1p1sNTI5DLqoCjUzBRMB0GA1UdDgQWBBRQGO8q4rBV
        auqMUw1hAVZ17k6uOjAfBgNVHSMEGDAWgBRQGO8q4rBVauqMUw1hAVZ17k6uOjAP
        BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBEwnOSyZg0IGMwSCdRs
        5dNj/kIhkKjZisOfumdYhpLmAiAW6Fl97Bulg+44AK+oLovB4+/LtvQ6QeTp079g
        WBXWHA==
        -----END CERTIFICATE-----
        """

    @Test(
        "A file of trusted certificates that holds none is found before the hub starts",
        arguments: ["smtp", "kannel", "webhook-out"])
    func trust(type: String) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "trust-\(UUID()).pem").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings = try #require(Self.complete[type])
        let value = try YAMLValue.parse("{type: \(type), \(settings), trust: \"\(path)\"}", file: "a.yaml")
        let read = try AdapterCatalog.read(value, folder: "/etc")
        func problems(_ text: String) throws -> [String] {
            try Data(text.utf8).write(to: URL(filePath: path))
            return read.check(templates: "/none", topics: nil).map { "\($0)" }.filter { $0.contains(path) }
        }
        let none = ["\(path) holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----"]
        #expect(try problems("") == none)
        #expect(try problems("a certificate\n") == none)
        #expect(try problems("-----BEGIN CERTIFICATE-----\nno Base64!\n-----END CERTIFICATE-----\n") == none)
        #expect(try problems(String(Self.certificate.dropLast(60))) == none)
        #expect(try problems("Of ours:\n\(Self.certificate)\n") == [])
    }

    @Test("No type lacks a required key without saying which")
    func missingKey() {
        #expect(message(type: "smtp", "host: h, from: a@example.com") == "a.yaml:1:1: the key ‘returnPath’ is missing")
        #expect(message(type: "sandbox", "channel: email, secret: env:S") == "a.yaml:1:1: the key ‘from’ is missing")
        #expect(message(type: "webhook", "format: json") == "a.yaml:1:1: the key ‘signature’ is missing")
        #expect(message(type: "ivr-json", "signature: {scheme: bearer}") == "a.yaml:1:29: the key ‘secret’ is missing")
    }

    @Test(
        "What can't work is refused before the hub starts",
        arguments: [
            (
                "smtp", "host: h, tls: startls, from: a@example.com, returnPath: b@example.com",
                "did you mean ‘starttls’?"
            ),
            ("smtp", "host: h, user: u, from: a@example.com, returnPath: b@example.com", "a user needs a password"),
            ("smtp", "host: h, password: env:P, from: a@example.com, returnPath: b@example.com", "needs a user"),
            (
                "smtp", "host: h, tls: none, user: u, password: env:P, from: a@example.com, returnPath: b@example.com",
                "only goes over TLS"
            ),
            ("smtp", "host: h, from: nobody, returnPath: b@example.com", "expected a sender such as"),
            ("smtp", "host: h, port: 0, from: a@example.com, returnPath: b@example.com", "from 1 to 65535"),
            (
                "smtp", "host: h, from: a@example.com, returnPath: bounce",
                "expected a mailbox such as bounce@example.com"
            ),
            ("lmtp", "listen: \"1.2.3.4:24\", returnPath: b@example.com, unsubscribe: u", "expected a mailbox such as"),
            ("lmtp", "listen: \"1.2.3.4\", returnPath: b@example.com", "expected HOST:PORT"),
            ("kannel", "url: sms.example, username: u, password: env:P, secret: env:S", "expected a URL"),
            (
                "kannel", "url: \"http://a.example\", username: u, password: env:P, secret: env:S, region: de",
                "ISO 3166"
            ),
            ("webhook", "signature: {scheme: hmac-sha256, secret: env:S}", "the key ‘header’ is missing"),
            ("webhook", "signature: {scheme: baerer}", "did you mean ‘bearer’?"),
            ("webhook", "signature: {scheme: none}, map: {id: id}", "expected a JSON Pointer such as /data/id"),
            (
                "webhook", "signature: {scheme: none}, map: {defaultKind: message.recieved}",
                "did you mean ‘message.received’?"
            ),
            (
                "webhook", "signature: {scheme: none}, map: {kinds: {unsubscribed: consent.denied}}",
                "no kind that a webhook can tell"
            ),
            ("webhook-out", "secret: env:S, feed: true", "a feed needs a url"),
            ("webhook-out", "secret: env:S, url: \"http://a.example\"", "expected an https URL"),
            (
                "webhook-out", "feed: true, secret: env:S, url: \"https://user:pass-word@a.example/hook\"",
                "a.yaml:1:53: this URL can't be called: a password in the URL"
            ),
            (
                "webhook-out", "secret: env:S, url: \"https://a.example/hook#part\"",
                "this URL can't be called: a fragment"
            ),
            ("twilio-voice", "authToken: env:T, menu: ../main", "expected the name of a file in templates/ivr"),
            ("sandbox", "channel: fax, secret: env:S", "‘fax’ is not known here"),
        ])
    func refused(type: String, settings: String, expected: String) throws {
        let problem = try #require(message(type: type, settings))
        #expect(problem.hasPrefix("a.yaml:1:"), "\(problem)")
        #expect(problem.contains(expected), "\(problem)")
        #expect(!problem.contains("pass-word"), "a password is never shown")
    }
}
