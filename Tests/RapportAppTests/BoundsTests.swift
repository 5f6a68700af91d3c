import RapportHub
import Testing

@testable import RapportApp

@Suite("The bounds of the configuration")
struct BoundsTests {
    private func configuration(_ text: String) throws -> HubConfiguration {
        try HubConfiguration(text: "secret: env:A\n" + text, file: "etc/rapport.yaml")
    }

    private func mailbox(_ more: String, type: String) throws -> [String: String] {
        let settings =
            type == "smtp"
            ? "type: smtp, host: relay, from: a@example.com, returnPath: b@example.com"
            : "type: lmtp, listen: \"127.0.0.1:2424\", returnPath: b@example.com"
        let configuration = try configuration("adapters:\n  a: {\(settings)\(more)}\n")
        let described = configuration.adapters[0].settings.described
        return Dictionary(described.map { ($0.key, $0.value) }) { first, _ in first }
    }

    @Test("are read as they are written")
    func read() throws {
        let configuration = try configuration(
            """
            http: { connections: 200, idleTimeout: 5s, bodyTimeout: 2m }
            retry: { first: 2s, longest: 1h, attempts: 5 }
            """)
        #expect(configuration.http.connections == 200)
        #expect(configuration.http.idleSeconds == 5 && configuration.http.bodySeconds == 120)
        #expect(configuration.retry == .init(firstSeconds: 2, longestSeconds: 3600, attempts: 5))
        #expect(try mailbox(", timeout: 7s", type: "smtp")["timeout"] == "7s")
        let listener = try mailbox(", connections: 3, idleTimeout: 4s, contentTimeout: 5m", type: "lmtp")
        #expect(listener["connections"] == "3")
        #expect(listener["idleTimeout"] == "4s" && listener["contentTimeout"] == "300s")
    }

    @Test("have defaults that suit a small company")
    func defaults() throws {
        let configuration = try configuration("")
        #expect(configuration.http.connections == 1024)
        #expect(try mailbox("", type: "lmtp")["maxMessage"] == "26214400", "25 MiB")
        let shop = try self.configuration("adapters:\n  shop: {type: webhook, signature: {scheme: none}}\n")
        #expect(shop.adapters[0].settings.described.contains { $0 == ("maxBody", "1048576") }, "1 MiB")
        #expect(configuration.retry == .init(firstSeconds: 60, longestSeconds: 4 * 3600, attempts: 12))
        // A first wait beyond the usual longest one is the longest.
        #expect(try self.configuration("retry: { first: 6h }\n").retry.longestSeconds == 6 * 3600)
    }

    @Test(
        "are refused when they can't be kept",
        arguments: [
            "http: { connections: 0 }", "http: { idleTimeout: 0s }", "http: { bodyTimeout: 2h }",
            "retry: { first: 0s }", "retry: { first: 1h, longest: 1m }", "retry: { attempts: 0 }",
            "retry: { last: 1h }",
        ])
    func refused(text: String) {
        #expect(throws: (any Error).self) { try configuration(text + "\n") }
    }

    @Test(
        "on connections leave room for the hub's own files",
        arguments: [
            // RLIMIT_NOFILE, configured, possible
            (20_000, 1024, 1024), (2048, 1024, 1024), (1024, 1024, 358), (192, 1024, 25), (64, 1024, 8), (20_000, 8, 8),
            (.max, 1024, 1024),
        ])
    func openFiles(limit: Int, configured: Int, possible: Int) {
        #expect(OpenFileLimit.room(within: limit, forClients: configured) == possible)
    }
}
