import RapportApp
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy

/// A yes or a no that a colleague enters, taking the same way into the log as one of the customer's own.
struct ConsentChange {
    var scope: ConsentScope
    var isGrant: Bool
    /// Whoever enters the yes answers for it that the customer confirmed it.
    var isConfirmed = false
    /// What the customer was asked or said; kept as proof.
    var wording: String?
    /// When the customer said so; `nil`: now.
    var at: Timestamp?
    var author: String

    func event(of customer: CustomerID) -> InboundEvent {
        var attributes = ["author": author]
        attributes["wording"] = wording
        let request: CustomerRequest =
            isGrant
            ? .optIn(
                topic: scope.topic, channel: scope.channel, method: "desk",
                confirmation: isConfirmed ? .vouched : .missing)
            : .optOut(topic: scope.topic, channel: scope.channel, method: "desk")
        return InboundEvent(
            kind: isGrant ? .consentGranted : .consentDenied, channel: .desk, direction: .internal, occurredAt: at,
            customer: customer, attributes: attributes, requests: [request])
    }

    /// Whether it counts, on some channel at least, only when the customer has confirmed it.
    func waitsForConfirmation(in policy: ContactPolicy) -> Bool {
        isGrant && !isConfirmed && policy.asksForConfirmation(topic: scope.topic, channel: scope.channel)
    }

    /// - Returns: the row that was written.
    func submit(for customer: Customer, hub: HubContext) async throws -> InteractionID {
        guard !customer.erased else { throw ConsentError.erased(customer.id) }
        guard !isConfirmed || customer.addresses.contains(where: { $0.scheme.carries(anyOf: scope.channel) })
        else {
            throw ConsentError.nothingToConfirm(scope.channel)
        }
        if let at {
            guard at <= hub.clock() else { throw ConsentError.inTheFuture }
            if isGrant { try checkLaterNo(try await hub.store.consents(of: customer.id), at: at) }
        }
        return try await hub.intake().submit([event(of: customer.id)], adapter: "cli", region: nil)[0].interaction
    }

    /// An old yes that is entered now must not undo what the customer said since.
    func checkLaterNo(_ entries: [ConsentEntry], at: Timestamp) throws(ConsentError) {
        let later = entries.last { entry in
            entry.state == .denied && entry.at >= at
                && (entry.topic == nil || scope.topic == nil || entry.topic == scope.topic)
                && (entry.channel == nil || scope.channel == nil || entry.channel == scope.channel)
        }
        if let later { throw .laterNo(later.id, at: later.at) }
    }
}

/// Why a yes or a no can't be entered. Sentences for people.
enum ConsentError: Error, CustomStringConvertible {
    case erased(CustomerID)
    case inTheFuture
    case laterNo(EntryID, at: Timestamp)
    case nothingToConfirm(Channel?)

    var description: String {
        switch self {
        case .erased(let id): "\(id) is erased: nothing can be kept of them"
        case .inTheFuture: "--at: nobody has said it yet at that time"
        case .nothingToConfirm(let channel):
            "--confirmed: there is no address for \(channel?.rawValue ?? "any channel") that could have been confirmed"
        case .laterNo(let id, let at):
            "the customer said no afterwards, at \(LocalTime.zoned(at)) (\(id.text("k"))); a yes from before can't undo that"
        }
    }
}
