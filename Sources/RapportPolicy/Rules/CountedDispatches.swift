import RapportCore

/// Walks, the latest first, over the dispatches that a `cap` or a `gap` counts at one instant.
struct CountedDispatches: Sequence, IteratorProtocol {
    private let situation: Situation
    private let likeness: DispatchTrace.Likeness
    private let narrowing: Narrowing
    private let latest: Timestamp
    private var index = 0
    /// Only later ones; `nil`: however old.
    var after: Timestamp?
    /// Only those whose local time is in the span.
    var localSpan: Range<Int64>?

    init(_ situation: Situation, likeness: DispatchTrace.Likeness, narrowing: Narrowing, latest: Timestamp) {
        self.situation = situation
        self.likeness = likeness
        self.narrowing = narrowing
        self.latest = latest
    }

    mutating func next() -> DispatchTrace? {
        while index < situation.dispatches.count {
            let dispatch = situation.dispatches[index]
            index += 1
            if let after, dispatch.at <= after { return nil }
            guard dispatch.at <= latest, dispatch.likeness.isSuperset(of: likeness), narrowing.includes(dispatch) else {
                continue
            }
            if let localSpan, !localSpan.contains(situation.clock.local(dispatch.at.seconds)) { continue }
            return dispatch
        }
        return nil
    }
}
