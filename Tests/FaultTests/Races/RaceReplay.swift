import RapportCore
import RapportLog

/// Goes over what everybody saw and over the log, in order, and checks the promises without the store's or the policy's
/// code: nobody is written to after being told that an opt-out holds, no cap is passed, nothing is said twice.
struct RaceReplay {
    private(set) var problems: [String] = []
    /// Messages that an adapter has taken.
    private(set) var taken: Set<DispatchID> = []
    /// Claims that an opt-out overtook before they left.
    private(set) var overtaken = 0
    private var claims: [RaceRecorder.Hold: RaceRecorder.Claim] = [:]
    /// What was about to leave, and whether somebody had been told before that it would not.
    private var leaving: [RaceRecorder.Hold: Bool] = [:]
    /// The claims under which adapters were called, by dispatch.
    private var sent: [DispatchID: RaceRecorder.Claim] = [:]
    private var optedOut: [OptOut] = []

    init(events: [RaceRecorder.Event], log: [Interaction]) {
        let optOuts = Dictionary(grouping: log.flatMap(OptOut.all), by: \.row)
        for event in events { apply(event, optOuts) }
        for overdue in leaving where overdue.value { overtaken += 1 }
        check(log)
    }

    private mutating func apply(_ event: RaceRecorder.Event, _ optOuts: [InteractionID: [OptOut]]) {
        switch event {
        case .claimed(let hold, let claim):
            if leaving.removeValue(forKey: hold) == true { overtaken += 1 }
            claims[hold] = claim
        case .handingOff(let holds):
            for hold in holds {
                guard let claim = claims[hold] else {
                    return problems.append("\(hold.dispatch) left without a claim")
                }
                leaving[hold] = optedOut.contains { $0.forbids(claim) }
            }
        case .sending(let hold, let address):
            let id = hold.dispatch
            guard let isForbidden = leaving.removeValue(forKey: hold) else {
                return problems.append("\(id) was sent again without having been handed off again")
            }
            if isForbidden { problems.append("\(id) was sent after the opt-out was acknowledged") }
            if claims[hold]?.route.address != address { problems.append("\(id) went to another address") }
            sent[id] = claims[hold]
        case .answered(let id, let isTaken):
            if isTaken, !taken.insert(id).inserted { problems.append("\(id) was taken twice") }
        case .optedOut(let row):
            optedOut += optOuts[row] ?? []
        }
    }

    /// What the log says has left, or may have.
    private mutating func check(_ log: [Interaction]) {
        var left: [DispatchID] = []
        var said: Set<DispatchID> = []
        for row in log where row.kind == .messageSent || row.kind == .deliveryUnknown {
            guard let id = row.references.dispatch else {
                problems.append("\(row.id) names no dispatch")
                continue
            }
            if left.contains(id) { problems.append("the log has \(id) leaving twice") }
            left.append(id)
            if row.kind == .messageSent { said.insert(id) }
        }
        if said != taken {
            problems.append("the log and the adapters disagree about \(said.symmetricDifference(taken))")
        }
        let claims = left.compactMap { sent[$0] }
        once(claims, "campaign") { ["\($0.customer) \($0.campaign) \($0.occurrence ?? "")"] }
        once(claims, "campaign to an address") { ["\($0.route.address.uri) \($0.campaign) \($0.occurrence ?? "")"] }
        once(claims, "offer") { claim in claim.offer.map { ["\(claim.customer) \($0)"] } ?? [] }
        once(claims, "content to an address") { claim in
            claim.content.map { ["\(claim.route.address.uri) \($0)"] } ?? []
        }
        cap(claims, RacePolicy.perCustomer, "customer") { $0.customer.description }
        cap(claims, RacePolicy.perAddress, "address") { $0.route.address.uri }
        cap(claims, RacePolicy.perHousehold, "household") { $0.household }
    }

    private mutating func once(
        _ claims: [RaceRecorder.Claim], _ what: String, _ keys: (RaceRecorder.Claim) -> [String]
    ) {
        var seen: Set<String> = []
        for key in claims.flatMap(keys) where !seen.insert(key).inserted {
            problems.append("the same \(what) twice: \(key)")
        }
    }

    /// No window of the cap's length, wherever it begins, holds more than the maximum.
    private mutating func cap(
        _ claims: [RaceRecorder.Claim], _ maximum: Int, _ scope: String, _ key: (RaceRecorder.Claim) -> String?
    ) {
        for (name, group) in Dictionary(grouping: claims, by: key) {
            guard let name else { continue }
            let instants = group.map(\.at.milliseconds).sorted()
            for (first, after) in zip(instants, instants.dropFirst(maximum))
            where after - first < RacePolicy.windowMilliseconds {
                problems.append("more than \(maximum) an hour to the \(scope) \(name), \(after - first) ms apart")
            }
        }
    }
}
