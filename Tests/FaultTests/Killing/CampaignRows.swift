import RapportCore
import RapportLog

/// The addresses of a campaign by the state of their rows.
struct CampaignRows: Sendable {
    private let addresses: [DispatchState: Set<String>]
    let count: Int
    /// How often each was handed off.
    let attempts: [String: Int]

    init(_ rows: [DispatchRow]) {
        count = rows.count
        addresses = Dictionary(grouping: rows, by: \.state).mapValues { Set($0.map(\.address.deliverable)) }
        attempts = Dictionary(rows.map { ($0.address.deliverable, $0.attempts) }, uniquingKeysWith: +)
    }

    subscript(_ state: DispatchState) -> Set<String> { addresses[state] ?? [] }

    var states: [DispatchState: Int] { addresses.mapValues(\.count) }
    var statesByName: [String: Int] {
        Dictionary(uniqueKeysWithValues: addresses.map { ($0.key.rawValue, $0.value.count) })
    }
    /// Rows that nobody has in hand yet.
    var waiting: Int { self[.planned].count + self[.claimed].count }
}
