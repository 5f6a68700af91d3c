import Foundation
import RapportYAML
import Testing

@testable import RapportApp

@Suite("The configuration is read strictly")
struct ConfigurationReadingTests {
    private func message(_ text: String) -> String? {
        do {
            _ = try HubConfiguration(text: text, file: "etc/rapport.yaml")
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func adapter(_ settings: String) -> String? {
        message("secret: env:A\nadapters:\n  a: {\(settings)}\n")
    }

    @Test("Only the hub's secret has to be there; everything else has a default")
    func defaults() throws {
        let configuration = try HubConfiguration(
            text: "secret: env:RAPPORT_SECRET\n", file: "/etc/rapport/rapport.yaml")
        #expect(configuration.storePath == "/etc/rapport/data/rapport.db")
        #expect(configuration.policyFile == "/etc/rapport/policy.yaml")
        #expect(configuration.templates == "/etc/rapport/templates")
        #expect(configuration.http.host == "127.0.0.1")
        #expect(configuration.http.port == 8080)
        #expect(configuration.http.publicURL == "http://127.0.0.1:8080")
        #expect(configuration.region == "CN")
        #expect(configuration.adapters.isEmpty)
        #expect(configuration.retention.payloadDays == nil)
    }

    @Test("A store is the file that its path leads to, over whichever links, so that its locks are the same for all")
    func linkedStore() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
        func store(_ path: String) throws -> String {
            try HubConfiguration(
                text: "secret: env:A\nstore: sqlite:\(path)\n", file: folder + "/rapport.yaml"
            ).storePath
        }
        let missing = try store("data/rapport.db")
        #expect(FileManager.default.createFile(atPath: missing, contents: nil))
        try FileManager.default.createSymbolicLink(atPath: folder + "/one.db", withDestinationPath: "two.db")
        try FileManager.default.createSymbolicLink(atPath: folder + "/two.db", withDestinationPath: "data/rapport.db")
        let real = try store("data/rapport.db")
        #expect(real.hasSuffix("/data/rapport.db"))
        #expect(try store("one.db") == real && store("two.db") == real)
    }

    @Test(
        "An unknown key is refused with its place and the nearest known one",
        arguments: [
            ("secret: env:A\nadaptors: {}\n", "etc/rapport.yaml:2:1: unknown key ‘adaptors’; did you mean ‘adapters’?"),
            ("secret: env:A\nhttp: {listn: x}\n", "etc/rapport.yaml:2:8: unknown key ‘listn’; did you mean ‘listen’?"),
            ("secret: env:A\napi: {token: []}\n", "etc/rapport.yaml:2:7: unknown key ‘token’; did you mean ‘tokens’?"),
            (
                "secret: env:A\nretention: {payload: 7d}\n",
                "etc/rapport.yaml:2:13: unknown key ‘payload’; did you mean ‘payloads’?"
            ),
            (
                "secret: env:A\nanswers: {hlep: x, topic: care}\n",
                "etc/rapport.yaml:2:11: unknown key ‘hlep’; did you mean ‘help’?"
            ),
        ])
    func unknownKey(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test(
        "A value of the wrong form is refused with its place and an example",
        arguments: [
            ("region: CN\n", "1:1: the key ‘secret’ is missing"),
            ("secret: env:A\nstore: postgres:x\n", "2:8: expected sqlite:PATH"),
            ("secret: env:A\nhttp: {listen: 8080}\n", "2:16: expected HOST:PORT, such as 127.0.0.1:8080"),
            ("secret: env:A\nhttp: {listen: \"a:70000\"}\n", "2:16: expected HOST:PORT, such as 127.0.0.1:8080"),
            (
                "secret: env:A\nhttp: {listen: \"::1:80\"}\n",
                "2:16: expected HOST:PORT; an IPv6 address stands in brackets, as [::1]:8080"
            ),
            (
                "secret: env:A\nhttp: {publicURL: https://a.example/}\n",
                "2:19: expected a URL such as https://hub.example.com, without a slash at the end"
            ),
            ("secret: env:A\nhttp: {publicURL: hub}\n", "2:19: expected a URL such as https://example.com/path"),
            ("secret: env:A\nhttp: {metricsNeedToken: maybe}\n", "2:26: expected true or false"),
            ("secret: env:A\nregion: China\n", "2:9: expected an ISO 3166 country code such as CN or DE"),
            (
                "secret: env:A\nserviceLevels: {message: soon}\n",
                "2:26: expected a duration such as 90s, 15m, 4h or 7d"
            ),
            (
                "secret: env:A\nretention: {payloads: 1h}\n",
                "2:23: expected a duration from 1d to 3650d"
            ),
            (
                "secret: env:A\nretention: {payloads: 47h}\n",
                "2:23: expected a whole number of days, such as 90d"
            ),
            (
                "secret: env:A\nserviceLevels: {mesage: 4h}\n",
                "2:17: no kind of follow-up is called ‘mesage’; did you mean ‘message’?"
            ),
            (
                "secret: env:A\nhttp: {listen: \"0.0.0.0:80\"}\n",
                "2:16: who listens on every address needs a publicURL; the key ‘publicURL’ is missing"
            ),
            (
                "secret: env:A\nhttp: {listen: \"[::]:80\"}\n",
                "2:16: who listens on every address needs a publicURL; the key ‘publicURL’ is missing"
            ),
            (
                """
                secret: env:A
                api:
                  tokens:
                    - {name: till, hash: "sha256:\(String(repeating: "0", count: 64))", scopes: [read]}
                    - {name: till, hash: "sha256:\(String(repeating: "1", count: 64))", scopes: [send]}

                """,
                "5:14: a token of the name ‘till’ stands here already"
            ),
            (
                "secret: env:A\nanswers: {help: Hello}\n",
                "2:10: an answer needs a topic of the contact policy; the key ‘topic’ is missing"
            ),
            ("- a\n", "1:1: expected a mapping (key: value)"),
            ("", "1:1: the file is empty"),
        ])
    func wrongForm(text: String, expected: String) {
        #expect(message(text) == "etc/rapport.yaml:" + expected)
    }

    @Test(
        "A secret never stands in the configuration itself, and what was written there is not repeated",
        arguments: [
            "secret: hunter2\n", "secret: \"env:\"\n",
            "secret: env:A\nadapters: {a: {type: twilio-voice, authToken: hunter2}}\n",
            "secret: env:A\nadapters: {a: {type: sandbox, channel: sms, secret: hunter2}}\n",
            "secret: env:A\nadapters: {a: {type: webhook, signature: {scheme: bearer, secret: hunter2}}}\n",
            "secret: env:A\nadapters: {a: {type: webhook, signature: {scheme: bearer, secrets: [hunter2]}}}\n",
            "secret: env:A\nadapters: {a: {type: webhook-out, secret: hunter2}}\n",
            """
            secret: env:A
            adapters:
              a: {type: kannel, url: "http://sms.example/send", username: u, password: hunter2, secret: env:B}
            """,
            """
            secret: env:A
            adapters:
              a: {type: smtp, host: h, user: u, password: hunter2, from: "a@example.com", returnPath: "b@example.com"}
            """,
        ])
    func literalSecret(text: String) throws {
        let problem = try #require(message(text))
        #expect(problem.hasSuffix("expected env:NAME or file:PATH; a secret never stands in the configuration itself"))
        #expect(problem.hasPrefix("etc/rapport.yaml:"))
        #expect(!problem.contains("hunter2"))
    }

    @Test(
        "A token is a name, a hash and scopes",
        arguments: [
            ("{name: a, hash: secret, scopes: [read]}", "4:23: expected sha256: and 64 hexadecimal digits"),
            ("{name: a, hash: \"sha256:12\", scopes: [read]}", "4:7: expected the token's SHA-256"),
            ("{name: a, hash: \"sha256:12\", scopes: [raed]}", "4:45: ‘raed’ is not known here; did you mean ‘read’?"),
            ("{name: a, scopes: [read]}", "4:7: the key ‘hash’ is missing"),
            ("{nmae: a}", "4:8: unknown key ‘nmae’; did you mean ‘name’?"),
        ])
    func token(entry: String, expected: String) throws {
        let problem = try #require(message("secret: env:A\napi:\n  tokens:\n    - \(entry)\n"))
        #expect(problem.hasPrefix("etc/rapport.yaml:" + expected), "\(problem)")
    }

    @Test("An unknown type of adapter is refused with the nearest one")
    func unknownType() {
        #expect(
            adapter("type: kanel") == "etc/rapport.yaml:3:13: there is no adapter type ‘kanel’; did you mean ‘kannel’?")
        #expect(adapter("typ: kannel") == "etc/rapport.yaml:3:6: the key ‘type’ is missing")
    }

    @Test(
        "An adapter's name is part of a URL, and no name of the hub's own",
        arguments: ["api", "cli", "a b", "ä", "hub"])
    func adapterName(name: String) throws {
        let problem = try #require(message("secret: env:A\nadapters:\n  \(name): {type: sandbox}\n"))
        #expect(problem.hasPrefix("etc/rapport.yaml:3:3: ‘\(name)’ can't be an adapter's name"), "\(problem)")
    }

    @Test("An adapter without settings is refused where its name stands")
    func emptyAdapter() {
        #expect(
            message("secret: env:A\nadapters:\n  shop:\n")
                == "etc/rapport.yaml:3:3: the adapter ‘shop’ has no settings; expected at least ‘type’")
    }

    @Test("The hub's own URL can be called when it listens on an IPv6 address")
    func publicURLOverIPv6() throws {
        let text = "secret: env:A\nhttp: {listen: \"[::1]:8080\"}\n"
        let configuration = try HubConfiguration(text: text, file: "rapport.yaml")
        #expect(configuration.http.host == "::1")
        #expect(configuration.http.publicURL == "http://[::1]:8080")
    }
}
