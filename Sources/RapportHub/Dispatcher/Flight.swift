import RapportCore
import Synchronization

/// What is under way over each adapter: in hand from the claim until its result is written, and for the last part of that
/// in the air, of which there is never more than the adapter's window.
///
/// Of a large window only `steady` places are used unless more than that land in a fifth of a second: where a relay is
/// slow, most of what is in the air waits in front of it, and all of it would be unknown if the hub died.
final class Flight: Sendable {
    /// Messages that wait for a place in the air.
    private struct Waiting {
        var ids: [DispatchID]
        var continuation: CheckedContinuation<Int, Never>
    }

    private struct Lane {
        let window: Int
        var inHand = 0
        var airborne = 0
        var lastClaim: Timestamp?
        var pace = Pace()
        var waiting: [Waiting] = []

        /// Whether something was claimed just now; a clock that was set back says no.
        func isBusy(at now: Timestamp) -> Bool {
            guard let last = lastClaim, last <= now else { return false }
            return now < last.adding(milliseconds: Flight.patience)
        }

        /// How many more may be claimed. Beyond the window only as many as will have left in a fifth of a second, so that
        /// the next are ready when the air is free, and no verdict grows old while a slow provider takes its time.
        func free(at now: Timestamp) -> Int {
            max(0, open(at: now) + min(2 * window, Flight.steady, pace.recent(at: now)) - inHand)
        }

        func room(at now: Timestamp) -> Int { max(0, open(at: now) - airborne) }

        /// How many may be in the air.
        func open(at now: Timestamp) -> Int { min(window, max(Flight.steady, pace.recent(at: now))) }
    }

    private struct State {
        var lanes: [String: Lane]
        /// In hand; whether in the air.
        var isAirborne: [DispatchID: Bool] = [:]
        var isClosed = false

        /// Lifts as many of these as there is room for.
        mutating func lift(_ ids: [DispatchID], over adapter: String, at now: Timestamp) -> Int {
            let lifted = ids.prefix(lanes[adapter]?.room(at: now) ?? 0)
            for id in lifted { isAirborne[id] = true }
            lanes[adapter]?.airborne += lifted.count
            return lifted.count
        }
    }

    private let state: Mutex<State>

    init(windows: [String: Int]) {
        state = Mutex(State(lanes: windows.mapValues { Lane(window: $0) }))
    }

    /// So many may be in the air however slow the other side is.
    static let steady = 512

    /// A window that is nearly full is filled up only after this long, in milliseconds.
    static let patience: Int64 = 50

    /// How many may be claimed by adapter. A lane of which less than a quarter is free counts as full for a moment,
    /// because a claim of a few messages costs nearly as much as one of hundreds; not for longer, because what fills it
    /// may be waiting for a provider that says nothing.
    func slots(at now: Timestamp) -> [String: Int] {
        state.withLock { state in
            state.lanes.mapValues { lane in
                let free = lane.free(at: now)
                return free >= lane.open(at: now) / 4 || !lane.isBusy(at: now) ? free : 0
            }
        }
    }

    /// Whether any adapter could take one more.
    func hasRoom(at now: Timestamp) -> Bool {
        state.withLock { $0.lanes.values.contains { $0.open(at: now) > $0.inHand } }
    }

    /// How many messages have left, or are about to, and have not landed.
    var airborne: Int { state.withLock { $0.lanes.values.reduce(0) { $0 + $1.airborne } } }

    /// How many parts wait for room.
    var waiting: Int { state.withLock { $0.lanes.values.reduce(0) { $0 + $1.waiting.count } } }

    /// What was claimed and has not landed yet.
    var inHand: Set<DispatchID> { state.withLock { Set($0.isAirborne.keys) } }

    var isEmpty: Bool { state.withLock { $0.isAirborne.isEmpty } }

    func claimed(_ ids: [DispatchID], over adapter: String, at now: Timestamp) {
        state.withLock { state in
            for id in ids { state.isAirborne[id] = false }
            state.lanes[adapter]?.inHand += ids.count
            state.lanes[adapter]?.lastClaim = now
        }
    }

    /// Returns when there is room in the air for one of these at least: who asked first leaves first. No place stays
    /// empty while somebody waits, because with a slow provider the next becomes free much later.
    ///
    /// - Parameter ids: at least one.
    /// - Returns: how many may leave, from the first; 0 when nothing may any more.
    func takeOff(_ ids: [DispatchID], over adapter: String, at now: Timestamp) async -> Int {
        await withCheckedContinuation { continuation in
            let answer: Int? = state.withLock { state in
                guard !state.isClosed, let lane = state.lanes[adapter] else { return 0 }
                guard lane.waiting.isEmpty, lane.room(at: now) > 0 else {
                    state.lanes[adapter]?.waiting.append(Waiting(ids: ids, continuation: continuation))
                    return nil
                }
                return state.lift(ids, over: adapter, at: now)
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    func land(_ ids: [DispatchID], over adapter: String, at now: Timestamp) {
        let released = state.withLock { state in
            var wereAirborne = 0
            var count = 0
            for id in ids {
                guard let wasAirborne = state.isAirborne.removeValue(forKey: id) else { continue }
                count += 1
                if wasAirborne { wereAirborne += 1 }
            }
            state.lanes[adapter]?.inHand -= count
            state.lanes[adapter]?.airborne -= wereAirborne
            state.lanes[adapter]?.pace.count(wereAirborne, at: now)
            var released: [(CheckedContinuation<Int, Never>, lifted: Int)] = []
            while let lane = state.lanes[adapter], let next = lane.waiting.first, lane.room(at: now) > 0 {
                state.lanes[adapter]?.waiting.removeFirst()
                released.append((next.continuation, state.lift(next.ids, over: adapter, at: now)))
            }
            return released
        }
        for (continuation, lifted) in released { continuation.resume(returning: lifted) }
    }

    /// Nothing leaves from now on; what waits for room is told so.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            let waiting = state.lanes.values.flatMap(\.waiting)
            for adapter in state.lanes.keys { state.lanes[adapter]?.waiting = [] }
            return waiting
        }
        for one in waiting { one.continuation.resume(returning: 0) }
    }
}
