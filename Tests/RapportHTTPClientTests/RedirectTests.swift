import RapportChannels
import RapportHTTPClient
import Testing

@Suite("Redirects")
struct RedirectTests {
    private static let following = {
        var settings = HTTPClientSettings()
        settings.redirectLimit = 3
        return settings
    }()

    private func redirecting(to location: String) throws -> MisbehavingServer {
        try MisbehavingServer { connection in
            while let request = connection.readRequest() {
                if request.head.contains(" /there ") {
                    connection.answer(body: "there")
                } else {
                    connection.answer(302, "Location: \(location)\r\n")
                }
            }
        }
    }

    @Test("are answers like any other unless configured")
    func notFollowed() async throws {
        let server = try redirecting(to: "/there")
        defer { server.stop() }
        let answer = try await withClient { try await $0.call(.local(server.url())) }
        #expect(answer.status == 302 && answer.header("location") == "/there")
        #expect(server.heads.count == 1)
    }

    @Test("within the origin are followed with every field")
    func followed() async throws {
        let server = try redirecting(to: "there")
        defer { server.stop() }
        let answer = try await withClient(Self.following) {
            try await $0.call(.local(server.url(), headers: [HTTPField("X-Key", "secret")]))
        }
        #expect(answer.body == Array("there".utf8))
        #expect(server.heads.count == 2 && server.heads.allSatisfy { $0.contains("X-Key: secret") })
    }

    @Test("of a POST are answers, whatever is configured")
    func post() async throws {
        let server = try redirecting(to: "/there")
        defer { server.stop() }
        let answer = try await withClient(Self.following) { try await $0.call(.local("POST", server.url(), body: [1])) }
        #expect(answer.status == 302 && server.heads.count == 1)
    }

    @Test("end after so many hops")
    func loop() async throws {
        let server = try redirecting(to: "/again")
        defer { server.stop() }
        let answer = try await withClient(Self.following) { try await $0.call(.local(server.url())) }
        #expect(answer.status == 302 && server.heads.count == 4)
    }

    @Test(
        "to what the first call's permission did not mean are refused",
        arguments: [
            "http://169.254.169.254/latest/meta-data", "http://localhost:1/", "http://127.0.0.1:1/",
            "file:///etc/passwd", "ftp://127.0.0.1/", "http://user:pw@127.0.0.1/", "http://[::ffff:169.254.169.254]/",
        ])
    func elsewhere(location: String) async throws {
        let server = try redirecting(to: location)
        defer { server.stop() }
        let code = try await withClient(Self.following) { await $0.failure(.local(server.url())) }
        #expect(code == .refusedURL || (location.contains("[") && code == .connection))
        #expect(server.heads.count == 1)
    }
}
