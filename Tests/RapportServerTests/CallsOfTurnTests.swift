import NIOCore
import NIOHTTP1
import NIOPosix
import RapportChannels
import RapportCore
import Synchronization
import Testing

@testable import RapportServer

@Suite("Calls of one turn")
struct CallsOfTurnTests {
    /// Notes what comes together and where, and refuses who says so.
    private final class Sink: EventSink {
        let together = Mutex<[Int]>([])
        let elsewhere = Mutex<[Int]>([])

        func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
            try await submit([delivery])[0].get()
        }

        func submit(_ deliveries: [InboundDelivery]) async -> [Result<[CommittedEvent], EventSinkError>] {
            together.withLock { $0.append(deliveries.count) }
            if MultiThreadedEventLoopGroup.currentEventLoop == nil {
                elsewhere.withLock { $0.append(deliveries.count) }
            }
            return deliveries.map { delivery in
                guard delivery.events.first?.text != "too much" else { return .failure(.busy) }
                return .success(
                    delivery.events.map {
                        let number = $0.sourceID.flatMap(Int64.init) ?? 0
                        return CommittedEvent(interaction: InteractionID(number), customer: nil, isRepetition: false)
                    })
            }
        }
    }

    private struct Call {
        var id: Int
        var headers: HTTPHeaders = [:]
        var body = "{}"
    }

    /// Serves calls in one turn of a loop.
    ///
    /// - Returns: what each is told, in order, how many came together, and which of these on another thread than the
    ///   loop's.
    private func serve(
        _ calls: [Call]
    ) async throws -> (answers: [HookAnswer], together: [Int], elsewhere: [Int]) {
        let sink = Sink()
        return try await TestHub.run(sink: sink) { hub, _ in
            let hooks = hub.hooks
            let opened = try calls.map { call in
                let head = HTTPRequestHead(
                    version: .http1_1, method: .POST, uri: "/in/shop",
                    headers: HTTPHeaders([("x-id", "\(call.id)")] + call.headers.map { ($0.name, $0.value) }))
                return hooks.complete(try hooks.open(head, at: RequestTarget(head.uri)), Array(call.body.utf8))
            }
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let (answers, tell) = AsyncStream.makeStream(of: (Int, HookAnswer).self)
            try await loop.submit {
                let turn = CallsOfTurn(hooks, on: loop)
                for (index, call) in opened.enumerated() {
                    turn.serve(call) { answer in
                        loop.preconditionInEventLoop()
                        tell.yield((index, answer))
                    }
                }
            }.get()
            var told: [Int: HookAnswer] = [:]
            for await (index, answer) in answers {
                #expect(told.updateValue(answer, forKey: index) == nil)
                if told.count == calls.count { break }
            }
            await hooks.answers.areOver()
            return (
                opened.indices.compactMap { told[$0] }, sink.together.withLock { $0 }, sink.elsewhere.withLock { $0 }
            )
        }
    }

    @Test("they share a commit, so many at most, and each is told its own")
    func shared() async throws {
        let (answers, together, elsewhere) = try await serve((1...40).map { Call(id: $0) })
        #expect(answers.map(\.body) == (1...40).map { "i\($0)" })
        #expect(together.sorted() == [8, 32])
        #expect(elsewhere == [])
    }

    @Test("what is wrong with one of them is told to that one alone")
    func apart() async throws {
        let (answers, together, _) = try await serve([
            Call(id: 1), Call(id: 2, headers: ["x-say": "malformed"]), Call(id: 3, body: "too much"), Call(id: 4),
        ])
        #expect(answers.map(\.status) == [201, 400, 503, 201])
        #expect(answers[3].body == "i4")
        #expect(together == [3])
    }

    @Test("a large one has a task to itself, on another thread")
    func large() async throws {
        let (answers, together, elsewhere) = try await serve([
            Call(id: 1), Call(id: 2, body: String(repeating: "a", count: 20_000)), Call(id: 3),
        ])
        #expect(answers.map(\.body) == ["i1", "i2", "i3"])
        #expect(together.sorted() == [1, 2])
        #expect(elsewhere == [1])
    }
}
