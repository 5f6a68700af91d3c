import RapportCore
import RapportLog

/// One thing that a row of the log forbids from then on.
struct OptOut {
    enum Scope {
        case address(Address)
        case consent(ConsentEntry)
        case pause(CustomerID, until: Timestamp)
    }

    var row: InteractionID
    var scope: Scope

    static func all(in row: Interaction) -> [OptOut] {
        row.effects.compactMap { effect in
            switch effect {
            case .suppressed(let suppression): OptOut(row: row.id, scope: .address(suppression.address))
            case .consentRecorded(let entry) where entry.state == .denied: OptOut(row: row.id, scope: .consent(entry))
            case .profileSet(let customer, let profile):
                profile.pausedUntil.map { OptOut(row: row.id, scope: .pause(customer, until: $0)) }
            default: nil
            }
        }
    }

    /// Nobody in the races ever takes an opt-out back with the same or a narrower scope, so that it holds to the end.
    func forbids(_ claim: RaceRecorder.Claim) -> Bool {
        switch scope {
        case .address(let address): claim.route.address == address
        case .consent(let entry):
            entry.topic.map { $0 == claim.topic } ?? true && entry.channel.map { $0 == claim.route.channel } ?? true
                && (entry.address.map { $0 == claim.route.address } ?? (entry.customer == claim.customer))
        case .pause(let customer, let until): customer == claim.customer && until > claim.at
        }
    }
}
