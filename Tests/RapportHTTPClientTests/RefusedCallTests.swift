import RapportChannels
import RapportHTTPClient
import Testing

@Suite("Calls that are refused")
struct RefusedCallTests {
    @Test(
        "by their URL never leave",
        arguments: [
            "", "example.com", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http:///x",
            "http://user:secret@127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/",
            "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1\\@example.com/", "http://müller.de/",
            "http://127.0.0.1/\u{0}",
        ])
    func urls(url: String) async throws {
        #expect(try await withClient { await $0.failure(.local(url)) } == .refusedURL)
    }

    @Test(
        "by their fields never leave",
        arguments: [
            HTTPField("X-A", "b\r\nX-C: d"), HTTPField("X-A", "b\nX-C: d"), HTTPField("X-A\r\nX-C", "d"),
            HTTPField("X A", "b"), HTTPField("", "b"), HTTPField("X-A:", "b"), HTTPField("X-A", "b\u{0}c"),
            HTTPField("Content-Length", "3"), HTTPField("transfer-encoding", "chunked"), HTTPField("Host", "other"),
            HTTPField("Connection", "close"), HTTPField("X-A", String(repeating: "a", count: 70_000)),
        ])
    func fields(field: HTTPField) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.answer()
        }
        defer { server.stop() }
        let call = HTTPCall.local("POST", server.url(), headers: [field])
        #expect(try await withClient { await $0.failure(call) } == .refusedURL)
        #expect(server.heads.isEmpty)
    }

    @Test(
        "by their method never leave", arguments: ["", "get", "TRACE", "CONNECT", "GET / HTTP/1.1\r\nX: y\r\n\r\nGET"])
    func methods(method: String) async throws {
        #expect(try await withClient { await $0.failure(.local(method, "http://127.0.0.1:1/")) } == .refusedURL)
    }

    @Test(
        "by their address never connect, however it is spelled",
        arguments: ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0.0.0.0"])
    func loopback(host: String) async throws {
        let connections = Counter()
        let server = try MisbehavingServer { connection in
            connections.increment()
            _ = connection.readRequest()
            connection.answer()
        }
        defer { server.stop() }
        let code = try await withClient { await $0.failure(HTTPCall(url: server.url(host: host))) }
        #expect(code == .refusedURL)
        #expect(connections.value == 0)
    }

    @Test(
        "by their address never connect anywhere private",
        arguments: [
            "169.254.169.254", "10.0.0.1", "100.100.100.200", "[::1]", "[::ffff:127.0.0.1]", "[fd00:ec2::254]",
            "[fe80::1]", "[64:ff9b::a9fe:a9fe]",
        ])
    func privateAddresses(host: String) async throws {
        let code = try await withClient {
            await $0.failure(HTTPCall(url: "http://\(host)/latest/meta-data", timeoutMilliseconds: 10_000))
        }
        #expect(code == .refusedURL || (host.hasPrefix("[") && code == .connection))
    }

    @Test("do not get through on a connection that another call was allowed to open")
    func keptConnection() async throws {
        let server = try MisbehavingServer { connection in
            while connection.readRequest() != nil { connection.answer() }
        }
        defer { server.stop() }
        try await withClient { client in
            _ = try await client.call(.local(server.url("/allowed")))
            #expect(await client.failure(HTTPCall(url: server.url("/refused"))) == .refusedURL)
        }
        #expect(server.heads.count == 1)
    }

    @Test("are those beyond the bound of outstanding ones")
    func tooMany() async throws {
        let (inside, arrived) = AsyncStream<Void>.makeStream()
        let server = try MisbehavingServer { connection in
            guard connection.readRequest() != nil else { return }
            arrived.yield()
            connection.waitForClose()
        }
        defer { server.stop() }
        var settings = HTTPClientSettings()
        settings.outstandingCalls = 1
        try await withClient(settings) { client in
            let first = Task { await client.failure(.local(server.url())) }
            for await _ in inside { break }
            #expect(await client.failure(.local(server.url())) == .connection)
            first.cancel()
            #expect(await first.value == .cancelled)
        }
        #expect(server.heads.count == 1)
    }
}
