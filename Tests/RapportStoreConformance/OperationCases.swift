import RapportCore
import RapportLog
import Testing

/// Cursors, idempotency and closing.
enum OperationCases {
    static let all: [StoreCase] = [
        StoreCase("a node is known from when it registers until it leaves") { stage in
            let node = try await stage.store.register(host: "a", process: 7, at: stage.now)
            let later = stage.now.adding(seconds: 9)
            try await stage.store.heartbeat(node: node, at: later)
            #expect(
                try await stage.store.node(node)
                    == NodeRecord(number: node, host: "a", process: 7, startedAt: stage.now, seenAt: later))
            // The clock was set back: who dies now must not be taken for alive until it has caught up.
            #expect(try await stage.store.node(node)?.isAlive(at: stage.now.adding(seconds: -86_400)) == false)
            try await stage.store.heartbeat(node: node, at: stage.now.adding(seconds: -86_400))
            #expect(try await stage.store.node(node)?.isAlive(at: stage.now) == false)
            try await stage.store.unregister(node: node)
            #expect(try await stage.store.node(node) == nil)
        },
        StoreCase("the version is another one after each commit, of this process or of another, and only then") {
            stage in
            let other = try await stage.place.open()
            var seen = Set([try #require(stage.store.version())])
            for store in [stage.store, other, stage.store, other] {
                let before = try #require(stage.store.version())
                #expect(stage.store.version() == before)
                #expect(try await stage.store.cursor(of: "feed") < 4)
                #expect(stage.store.version() == before)
                try await store.advance("feed", to: Int64(seen.count), at: stage.now)
                #expect(seen.insert(try #require(stage.store.version())).inserted)
            }
            try await other.close()
            #expect(other.version() == nil)
        },
        StoreCase("a cursor begins at 0 and never moves back") { stage in
            #expect(try await stage.store.cursor(of: "feed") == 0)
            try await stage.store.advance("feed", to: 5, at: stage.now)
            try await stage.store.advance("feed", to: 3, at: stage.now)
            #expect(try await stage.store.cursor(of: "feed") == 5)
            #expect(try await stage.store.cursor(of: "other") == 0)
        },
        StoreCase("a request happens once: new, in progress, then replayed; another body is a mismatch") { stage in
            let begin = { (hash: String) in
                try await stage.store.begin(key: "k", bodyHash: hash, at: stage.now)
            }
            #expect(try await begin("h") == .new)
            #expect(try await begin("h") == .inProgress)
            #expect(try await begin("other") == .mismatch)
            try await stage.store.finish(key: "k", status: 201, body: "{}", at: stage.now)
            #expect(try await begin("h") == .replay(status: 201, body: "{}"))
            #expect(try await begin("other") == .mismatch)
        },
        StoreCase("a request that changed nothing gives its key back; an answer is not given back") { stage in
            #expect(try await stage.store.begin(key: "k", bodyHash: "h", at: stage.now) == .new)
            try await stage.store.abandon(key: "k")
            #expect(try await stage.store.begin(key: "k", bodyHash: "other", at: stage.now) == .new)
            try await stage.store.finish(key: "k", status: 200, body: "", at: stage.now)
            try await stage.store.abandon(key: "k")
            let state = try await stage.store.begin(key: "k", bodyHash: "other", at: stage.now)
            #expect(state == .replay(status: 200, body: ""))
        },
        StoreCase("a reservation is taken over after an hour, an answer is kept for a day") { stage in
            #expect(try await stage.store.begin(key: "k", bodyHash: "h", at: stage.now) == .new)
            let hour = stage.now.adding(seconds: 3_600)
            let before = hour.adding(milliseconds: -1)
            #expect(try await stage.store.begin(key: "k", bodyHash: "h", at: before) == .inProgress)
            #expect(try await stage.store.begin(key: "k", bodyHash: "h", at: hour.adding(seconds: 1)) == .new)
            try await stage.store.finish(key: "k", status: 200, body: "b", at: hour)
            let day = hour.adding(seconds: 86_400)
            let kept = try await stage.store.begin(key: "k", bodyHash: "h", at: day.adding(seconds: -1))
            #expect(kept == .replay(status: 200, body: "b"))
            #expect(try await stage.store.begin(key: "k", bodyHash: "h", at: day.adding(seconds: 1)) == .new)
        },
        StoreCase("a hub that starts gives back what nobody will answer any more, and no answer") { stage in
            #expect(try await stage.store.begin(key: "open", bodyHash: "h", at: stage.now) == .new)
            #expect(try await stage.store.begin(key: "answered", bodyHash: "h", at: stage.now) == .new)
            try await stage.store.finish(key: "answered", status: 200, body: "b", at: stage.now)
            try await stage.store.abandonReservations()
            #expect(try await stage.store.begin(key: "open", bodyHash: "other", at: stage.now) == .new)
            let kept = try await stage.store.begin(key: "answered", bodyHash: "h", at: stage.now)
            #expect(kept == .replay(status: 200, body: "b"))
        },
        StoreCase("of many who reserve a key at once, one gets it") { stage in
            let states = try await withThrowingTaskGroup(of: IdempotencyState.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await stage.store.begin(key: "k", bodyHash: "h", at: stage.now) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(states.filter { $0 == .new }.count == 1)
            #expect(states.filter { $0 == .inProgress }.count == 19)
        },
        StoreCase("closing waits for calls under way, refuses new ones, and may be repeated") { stage in
            let other = try await stage.place.open()
            let results = await withTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            _ = try await Stage(store: other, place: stage.place).append()
                            return "done"
                        } catch let error as StoreError { return error.code.rawValue } catch { return "?" }
                    }
                }
                group.addTask {
                    do { try await other.close() } catch { return "?" }
                    return "closed now"
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let done = results.filter { $0 == "done" }.count
            let refused = results.filter { $0 == "closed" }.count
            #expect(done + refused == 20, "\(results)")
            #expect(try await stage.store.lastPosition() == Int64(done))
            try await other.close()
            await #expect { _ = try await other.lastPosition() } throws: { ($0 as? StoreError)?.code == .closed }
            await #expect { try await other.heartbeat(node: 1, at: stage.now) } throws: {
                ($0 as? StoreError)?.code == .closed
            }
        },
    ]
}
