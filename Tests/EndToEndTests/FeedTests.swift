import RapportTestServers
import Synchronization
import Testing

@Suite("A feed of interactions to another system", .takesPlace, .timeLimit(.minutes(5)))
struct FeedTests {
    /// A system that can be down.
    private final class Receiver: Sendable {
        let listener: HTTPListener
        private let state: State

        private final class State: Sendable {
            let isUp = Mutex(false)
            let taken = Mutex<[HTTPListener.Request]>([])
        }

        init() throws {
            let state = State()
            self.state = state
            listener = try HTTPListener { request in
                guard state.isUp.withLock({ $0 }) else { return HTTPListener.Answer(status: 503) }
                state.taken.withLock { $0.append(request) }
                return HTTPListener.Answer()
            }
        }

        /// What came while it was up.
        var taken: [HTTPListener.Request] { state.taken.withLock { $0 } }

        func comesUp() { state.isUp.withLock { $0 = true } }
    }

    private func post(_ hub: Hub, _ ids: ClosedRange<Int>) async throws {
        for id in ids {
            let body = #"{"id":"evt_\#(id)","type":"event.order","email":"fay@example.com","text":"order \#(id)"}"#
            let headers = ["Authorization": "Bearer a-token-of-the-shop", "Content-Type": "application/json"]
            #expect(try await hub.post("/in/shop", headers: headers, body: body).status == 200)
        }
    }

    @Test("tells it of everything, in order and signed, however long it was down and whenever the hub restarts")
    func feeds() async throws {
        let receiver = try Receiver()
        var setup = try HubSetup()
        setup.environment["FEED_SECRET"] = Signing.webhookSecret
        setup.environment["SHOP_SECRET"] = "a-token-of-the-shop"
        setup.adapters["crm"] = """
            { type: webhook-out, url: "http://127.0.0.1:\(receiver.listener.port)/rapport", secret: env:FEED_SECRET, \
            feed: true, allowPrivate: true }
            """
        setup.adapters["shop"] = """
            { type: webhook, signature: { scheme: bearer, secret: env:SHOP_SECRET }, \
            map: { id: /id, kind: /type, addresses: [{ at: /email, scheme: mailto }], text: /text } }
            """
        try await Hub.with(setup) { hub in
            try await post(hub, 1...5)
            _ = try await receiver.listener.request("a try while it is down")
            let feed = try await Eventually.value("the failure in the status", log: { hub.log }) {
                let feed = try await hub.status().json["feeds"].list.first
                return feed?["failure"].text == nil ? nil : feed
            }
            #expect(feed["failure"].text == "the receiver refused it for now (HTTP 503)" && feed["behind"].int == 5)
            let metrics = try await LoopbackHTTP.get("/metrics", port: hub.port).text
            #expect(metrics.contains("rapport_feed_lag_interactions{adapter=\"crm\"} 5\n"))
            #expect(metrics.contains("rapport_feed_lag_seconds{adapter=\"crm\"} "))
            #expect(metrics.contains("rapport_identity_conflicts_open 0\n"))
            receiver.comesUp()
            #expect(try await told(5, receiver, hub).map { $0["text"].text } == (1...5).map { "order \($0)" })
            try await hub.process.kill()
            try await hub.start()
            try await post(hub, 6...8)
            let told = try await told(8, receiver, hub)
            #expect(told.map { $0["text"].text } == (1...8).map { "order \($0)" })
            #expect(told.map { $0["id"].text } == (try await hub.interactions()).map { $0["id"].text })
            try await checkSignatures(receiver)
        }
    }

    /// Waits for so many interactions, and returns them as a receiver keeps them that remembers the ids of batches.
    private func told(_ count: Int, _ receiver: Receiver, _ hub: Hub) async throws -> [JSON] {
        try await Eventually.value("\(count) interactions at the receiver", log: { hub.log }) {
            var seen: Set<String> = []
            var told: [JSON] = []
            for request in receiver.taken {
                guard let id = request.headers["webhook-id"], seen.insert(id).inserted else { continue }
                told += try JSON(request.text)["data"]["interactions"].list
            }
            return told.count >= count ? told : nil
        }
    }

    private func checkSignatures(_ receiver: Receiver) async throws {
        for request in receiver.listener.requests {
            #expect(request.method == "POST")
            let id = try #require(request.headers["webhook-id"])
            let time = try #require(request.headers["webhook-timestamp"])
            let code = try await Signing.webhookCode(id: id, time: time, body: request.text)
            #expect(request.headers["webhook-signature"] == "v1,\(code)")
        }
    }
}
