import RapportChannels
import RapportHTTPClient
import Testing

@Suite("Cancellation and shutdown", .timeLimit(.minutes(2)))
struct CancellationTests {
    /// A server that says when a request has come and when its connection is gone, and never answers.
    private struct Silence {
        let server: MisbehavingServer
        let arrivals: AsyncStream<Void>
        let departures: AsyncStream<Void>

        init() throws {
            let (arrivals, arrived) = AsyncStream<Void>.makeStream()
            let (departures, departed) = AsyncStream<Void>.makeStream()
            self.arrivals = arrivals
            self.departures = departures
            server = try MisbehavingServer { connection in
                guard connection.readRequest() != nil else { return }
                arrived.yield()
                connection.waitForClose()
                departed.yield()
            }
        }
    }

    @Test("of the task ends the transfer and its connection")
    func cancel() async throws {
        let silence = try Silence()
        defer { silence.server.stop() }
        try await withClient { client in
            let call = Task { await client.failure(.local(silence.server.url())) }
            for await _ in silence.arrivals { break }
            call.cancel()
            #expect(await call.value == .cancelled)
            for await _ in silence.departures { break }
        }
    }

    @Test("before the call is as good as during it")
    func cancelledBefore() async throws {
        let silence = try Silence()
        defer { silence.server.stop() }
        try await withClient { client in
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await client.failure(.local(silence.server.url()))
            }
            #expect(await call.value == .cancelled)
        }
        #expect(silence.server.heads.isEmpty)
    }

    @Test("of a call that waits for its turn lets the others be")
    func cancelWaiting() async throws {
        let silence = try Silence()
        defer { silence.server.stop() }
        var settings = HTTPClientSettings()
        settings.concurrency = 1
        try await withClient(settings) { client in
            let first = Task { await client.failure(.local(silence.server.url("/first"))) }
            for await _ in silence.arrivals { break }
            let second = Task { await client.failure(.local(silence.server.url("/second"))) }
            second.cancel()
            #expect(await second.value == .cancelled)
            first.cancel()
            #expect(await first.value == .cancelled)
        }
        #expect(silence.server.heads.count == 1)
    }

    @Test("of a call that waits for its turn comes with its time limit, too")
    func expireWaiting() async throws {
        let silence = try Silence()
        defer { silence.server.stop() }
        var settings = HTTPClientSettings()
        settings.concurrency = 1
        try await withClient(settings) { client in
            let first = Task { await client.failure(.local(silence.server.url("/first"))) }
            for await _ in silence.arrivals { break }
            let second = await client.failure(.local(silence.server.url("/second"), timeout: 100))
            #expect(second == .timeoutBeforeSent)
            first.cancel()
            #expect(await first.value == .cancelled)
        }
        #expect(silence.server.heads.count == 1)
    }

    @Test("by shutdown ends what is under way, what waits and what comes later")
    func shutdown() async throws {
        let silence = try Silence()
        defer { silence.server.stop() }
        var settings = HTTPClientSettings()
        settings.concurrency = 2
        let client = try HTTPClient(settings: settings)
        let calls = (0..<10).map { _ in Task { await client.failure(.local(silence.server.url())) } }
        var arrived = 0
        for await _ in silence.arrivals {
            arrived += 1
            if arrived == 2 { break }
        }
        async let once: Void = client.shutdown()
        async let twice: Void = client.shutdown()
        _ = await (once, twice)
        for call in calls { #expect(await call.value == .cancelled) }
        #expect(await client.failure(.local(silence.server.url())) == .cancelled)
        await client.shutdown()
    }

    @Test("by letting go of the client ends its thread and its connections")
    func letGo() async throws {
        let (departures, departed) = AsyncStream<Void>.makeStream()
        let server = try MisbehavingServer { connection in
            while connection.readRequest() != nil { connection.answer() }
            departed.yield()
        }
        defer { server.stop() }
        do {
            let client = try HTTPClient()
            let answer = try await client.call(.local(server.url()))
            #expect(answer.status == 200)
        }
        for await _ in departures { break }
    }

    @Test("in a storm of calls loses none of them")
    func storm() async throws {
        let server = try MisbehavingServer { connection in
            while connection.readRequest() != nil { connection.answer() }
        }
        defer { server.stop() }
        try await withClient { client in
            await withTaskGroup(of: Bool.self) { group in
                for index in 0..<300 {
                    group.addTask {
                        let call = Task { () throws(HTTPCallError) -> Int in
                            try await client.call(.local("POST", server.url(), body: [1])).status
                        }
                        if index % 3 == 0 { call.cancel() }
                        switch await call.result {
                        case .success(let status): return status == 200
                        case .failure(let error): return (error as? HTTPCallError)?.code == .cancelled
                        }
                    }
                }
                for await isRight in group { #expect(isRight) }
            }
        }
    }
}
