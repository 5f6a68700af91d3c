import HTTPTypes
import HummingbirdTesting
import NIOCore
import RapportLog
import ServiceLifecycle
import Testing

@testable import RapportServer

@Suite("Bodies over a real connection")
struct LiveTests {
    @Test("a body that never ends is answered 413 at the first byte too many, and the connection is cut")
    func endless() async throws {
        try await TestHub.run(.live) { hub, client in
            let port = try #require(client.port)
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunk = "200\r\n" + String(repeating: "a", count: 512) + "\r\n"
            let answer = try await RawClient.exchange(port: port, [head, chunk, chunk, chunk])
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("an announced length over the limit is answered before a byte of the body has come")
    func announced() async throws {
        try await TestHub.run(.live) { _, client in
            let port = try #require(client.port)
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
            #expect(try await RawClient.exchange(port: port, [head]).hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("of what a client goes on sending after its answer a bounded part is dropped, and the answer is seen")
    func flood() async throws {
        try await TestHub.run(.live, change: { $0.lingerSeconds = 5 }) { _, client in
            let port = try #require(client.port)
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n"
            let block = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            // More than the kernel holds for both sides.
            let (answer, taken) = try await RawClient.flood(port: port, head, block, count: 1024, atLeast: 9)
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            // What the kernel holds comes on top of what is dropped.
            #expect(taken <= 64, "\(taken) MiB")
        }
    }

    @Test("a request whose head is refused is answered before a byte of the body has come")
    func refusedHead() async throws {
        try await TestHub.run(.live) { hub, client in
            let port = try #require(client.port)
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nX-Say: stranger\r\nContent-Length: 100\r\n\r\n"
            #expect(try await RawClient.exchange(port: port, [head]).hasPrefix("HTTP/1.1 401 "))
            let counted = "rapport_inbound_rejections_total{adapter=\"shop\",code=\"signature\"} 1\n"
            #expect(hub.services.metrics.text().contains(counted))
        }
    }

    @Test("a body that doesn’t come in time ends the connection and stores nothing")
    func slow() async throws {
        try await TestHub.run(.live, change: { $0.bodyTimeoutSeconds = 1 }) { hub, client in
            let port = try #require(client.port)
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it"
            _ = try await RawClient.exchange(port: port, [head])
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("a body in chunks that falls silent is no body, however whole it looks, and its connection is closed")
    func silent() async throws {
        try await TestHub.run(.live, change: { $0.bodyTimeoutSeconds = 1 }) { hub, client in
            let port = try #require(client.port)
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            let answer = try await RawClient.exchange(port: port, [head, "8\r\ntext=aaa\r\n"])
            #expect(!answer.hasPrefix("HTTP/1.1 2"))
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("a connection that breaks off within a body stores nothing")
    func broken() async throws {
        try await TestHub.run(.live) { hub, client in
            let port = try #require(client.port)
            for head in [
                "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
                "POST /in/shop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            ] {
                let answer = try await RawClient.exchange(port: port, [head], endsSending: true)
                #expect(!answer.hasPrefix("HTTP/1.1 2"))
            }
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("told to shut down, the server returns")
    func shutdown() async throws {
        try await TestHub.run { hub, _ in
            let (ports, said) = AsyncStream.makeStream(of: Int.self)
            var settings = hub.settings
            settings.port = 0
            let server = try makeServer(settings: settings, services: hub.services) { said.yield($0) }
            let group = ServiceGroup(services: [server], logger: hub.services.logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let port = try #require(await ports.first { _ in true })
                #expect(port > 0)
                let answer = try await RawClient.exchange(
                    port: port, ["GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
                #expect(answer.hasPrefix("HTTP/1.1 200 "))
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    @Test("a good request over a real connection is taken")
    func good() async throws {
        try await TestHub.run(.live) { hub, client in
            let answer = try await client.send(.post, "/in/shop", body: "hello")
            #expect(answer.status == .created)
            #expect(try await hub.store.lastPosition() == 1)
        }
    }
}
