import Foundation
import RapportCore
import RapportLog
import Synchronization
import Testing

@testable import RapportSQLite
@testable import RapportStoreConformance

/// A claim is judged on a reading connection; these commit something between the judging and the writing.
@Suite("A claim that is judged beside the writing connection")
struct ClaimTests {
    private static let ana = "mailto:ana@example.com"
    private static let bob = "mailto:bob@example.com"

    /// Something that happens while Ana's message is judged.
    struct Meanwhile: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var judgedTwice = true
        var happens: @Sendable (Stage, Scene) async throws -> Void
    }

    struct Scene: Sendable {
        var ana: CustomerID
        var bob: CustomerID
        var bobs: DispatchID
    }

    private static func denial(_ customer: CustomerID, _ position: Int64) -> Effect {
        .consentRecorded(
            ConsentEntry(
                id: EntryID(position: position), customer: customer, address: nil, topic: nil, channel: nil,
                state: .denied, at: Stage.start, method: "test"))
    }

    private static func suppression(_ uri: String, _ position: Int64) -> Effect {
        .suppressed(
            Suppression(
                id: EntryID(position: position), address: Stage.address(uri), reason: .complaint, at: Stage.start))
    }

    static let cases = [
        Meanwhile(testDescription: "an opt-out") { stage, scene in
            try await stage.append(scene.ana) { [denial(scene.ana, $0)] }
        },
        Meanwhile(testDescription: "an opt-out in another process") { stage, scene in
            let other = Stage(store: try await stage.place.open(), place: stage.place)
            try await other.append(scene.ana) { [denial(scene.ana, $0)] }
            try await other.store.close()
        },
        Meanwhile(testDescription: "a complaint about her address") { stage, _ in
            try await stage.append { [suppression(ana, $0)] }
        },
        Meanwhile(testDescription: "an answer to a campaign") { stage, scene in
            try await stage.append(scene.ana) { _ in [.responded(scene.ana, campaign: "spring")] }
        },
        Meanwhile(testDescription: "a pause") { stage, scene in
            try await stage.append(scene.ana) { _ in
                [.profileSet(scene.ana, Customer.Profile(pausedUntil: Stage.start.adding(seconds: 60)))]
            }
        },
        Meanwhile(testDescription: "a merge") { stage, scene in
            try await stage.append(scene.bob) { _ in [.merged(from: scene.bob, into: scene.ana)] }
        },
        Meanwhile(testDescription: "a claim of another node") { stage, scene in
            _ = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 2)) { candidates in
                candidates.map { candidate in
                    candidate.id == scene.bobs
                        ? .claim(routeIndex: 0, policyVersion: "p") : .leave(until: candidate.plan.dueAt)
                }
            }
        },
        Meanwhile(testDescription: "an opt-out of somebody else", judgedTwice: false) { stage, _ in
            let eve = try await stage.customer("mailto:eve@example.com")
            try await stage.append(eve) { [denial(eve, $0)] }
        },
        Meanwhile(testDescription: "the end of another campaign", judgedTwice: false) { stage, _ in
            let ended = try await stage.store.completeFinished(at: stage.now)
            #expect(ended.map(\.name) == ["ended"])
        },
        Meanwhile(testDescription: "payloads that are forgotten", judgedTwice: false) { stage, _ in
            _ = try await stage.store.forgetPayloads(before: stage.now, limit: 9)
        },
        Meanwhile(testDescription: "a reader that fails", judgedTwice: false) { stage, _ in
            try await stage.store.fail("feed", because: "no answer", at: stage.now)
        },
        Meanwhile(testDescription: "a plan for later", judgedTwice: false) { stage, scene in
            _ = try await stage.plan(scene.ana, to: ana, dueAt: stage.now.adding(seconds: 60))
        },
    ]

    @Test("is judged again when something it looked at has changed, and only then", arguments: cases)
    func meanwhile(_ meanwhile: Meanwhile) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let stage = Stage(store: try await folder.open(), place: folder)
        let scene = try await scene(on: stage)
        let judged = Mutex(0)
        let claimed = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { candidates in
            let first = judged.withLock { count in
                count += 1
                return count == 1
            }
            if first { Self.finish { try await meanwhile.happens(stage, scene) } }
            return candidates.map { _ in .claim(routeIndex: 0, policyVersion: "p") }
        }
        #expect(judged.withLock { $0 } == (meanwhile.judgedTwice ? 2 : 1))
        #expect(!claimed.isEmpty)
        try await stage.store.close()
    }

    @Test("sees an opt-out that came while it was judged")
    func verdict() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let stage = Stage(store: try await folder.open(), place: folder)
        let scene = try await scene(on: stage)
        let claimed = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { candidates in
            let denied = candidates.contains { !$0.facts.consents.isEmpty }
            if !denied { Self.finish { try await stage.append(scene.ana) { [Self.denial(scene.ana, $0)] } } }
            return candidates.map {
                $0.facts.consents.isEmpty
                    ? .claim(routeIndex: 0, policyVersion: "p")
                    : .skip(rule: "consent", evidence: [], policyVersion: "p")
            }
        }
        #expect(claimed.map(\.id) == [scene.bobs])
        try await stage.store.close()
    }

    @Test("claims nothing of a campaign that was paused while it was judged")
    func paused() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let stage = Stage(store: try await folder.open(), place: folder)
        let key = try await stage.campaign("spring")
        let ana = try await stage.customer(Self.ana)
        let id = try await stage.plan(ana, to: Self.ana, campaign: key)
        let claimed = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { candidates in
            Self.finish {
                _ = try await stage.store.move(key, from: [.sending], to: .paused, note: nil, at: stage.now)
            }
            return candidates.map { _ in .claim(routeIndex: 0, policyVersion: "p") }
        }
        #expect(claimed.isEmpty)
        #expect(try await stage.state(of: id) == .planned)
        try await stage.store.close()
    }

    @Test("does not claim what was found to have arrived while it was judged")
    func arrived() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let stage = Stage(store: try await folder.open(), place: folder)
        let ana = try await stage.customer(Self.ana)
        let id = try await stage.handedOff(ana, to: Self.ana, repeats: true)
        try await stage.record(id, .repeat(at: stage.now, rule: "uncertain"))
        let claimed = try await stage.store.claim(ClaimQuery(now: stage.now, limit: 9, node: 1)) { candidates in
            Self.finish { try await stage.append(ana) { _ in [.dispatchAdvanced(id, .delivered)] } }
            return candidates.map { _ in .claim(routeIndex: 0, policyVersion: "p") }
        }
        #expect(claimed.isEmpty)
        #expect(try await stage.state(of: id) == .delivered)
        try await stage.store.close()
    }

    private func scene(on stage: Stage) async throws -> Scene {
        let ana = try await stage.customer(Self.ana)
        let bob = try await stage.customer(Self.bob)
        _ = try await stage.campaign("ended")
        _ = try await stage.plan(ana, to: Self.ana)
        return Scene(ana: ana, bob: bob, bobs: try await stage.plan(bob, to: Self.bob))
    }

    /// Judging happens on a thread of the store's own, which may wait.
    private static func finish(_ work: @escaping @Sendable () async throws -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task {
            do { try await work() } catch { Issue.record(error) }
            done.signal()
        }
        done.wait()
    }
}
