import RapportCore
import Testing

/// What kills left in the air, one after the other, and whether the hub settled it as it must.
struct KillLedger {
    let repeats: Bool
    /// How many messages may be under way at once.
    let window: Int
    /// Who was in flight at the kills, counted as often as that happened.
    private(set) var inFlight = 0
    private(set) var kills = 0
    private(set) var people: Set<String> = []
    private var inHand: Set<String> = []
    private var unknown: Set<String> = []

    init(window: Int, repeats: Bool) { (self.window, self.repeats) = (window, repeats) }

    /// Checks what a kill left.
    ///
    /// - Parameter before: whose mails had arrived when the hub that was killed now was started.
    mutating func note(_ rows: CampaignRows, before: Set<String>) {
        let left = rows[.handedOff]
        #expect(left.count <= window, "at most the window is in flight: \(FaultRun.again)")
        if repeats {
            #expect(rows[.unknown].isEmpty, "what may be repeated is never left unknown: \(FaultRun.again)")
        } else {
            // The whole of what was in flight at the last kill becomes unknown in one step, and nothing else does.
            let isSettled = rows[.unknown] == unknown.union(inHand) && left.isDisjoint(with: inHand)
            let isUntouched = rows[.unknown] == unknown && left == inHand
            #expect(isSettled || isUntouched, "\(rows.states): \(FaultRun.again)")
            let handedOffNow = left.subtracting(inHand)
            #expect(handedOffNow.isDisjoint(with: before), "handed off again after its mail: \(FaultRun.again)")
        }
        kills += 1
        inFlight += left == inHand ? 0 : left.count
        people.formUnion(left)
        inHand = left
        unknown = rows[.unknown]
    }
}
