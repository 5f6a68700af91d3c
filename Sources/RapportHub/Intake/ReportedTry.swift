import RapportCore
import RapportLog

/// Which try of a message a report, or a wish to leave, is about: where the message has left for another address since,
/// what comes late of the one before says nothing of the one that it has now.
enum ReportedTry: Hashable {
    /// To the address that the message has now.
    case latest
    /// To this address, which the message has left.
    case earlier(Address)
    /// To which address can't be told.
    case unknown

    /// Over these both messages and what is said of them travel; the other reports are webhooks about any channel.
    private static let reporting: Set<Channel> = [.email, .sms, .ivr]

    /// The way that the report itself names is certain, and so is the last try where a provider calls the message by the id
    /// that it gave when it took it. Otherwise a report over a channel that the message has left is of a try before, and so
    /// may be one where it has left another address of the same channel; then the address that it names tells.
    ///
    /// - Parameters:
    ///   - route: the one that the report names.
    ///   - channel: over which it came.
    ///   - named: an address of the customer's and of that channel.
    ///   - isProviders: whether it calls the message by a provider's id.
    init(
        of dispatch: DispatchSummary, route: Int?, over channel: Channel, naming named: Address?, isProviders: Bool
    ) {
        if let route {
            self = Self(of: dispatch, route: route)
        } else if Self.reporting.contains(channel), channel != dispatch.channel {
            self = named.map(Self.earlier) ?? .unknown
        } else {
            let left = dispatch.earlier.filter { $0.channel == channel && $0.address != dispatch.address }
            if isProviders || left.isEmpty || named == dispatch.address {
                self = .latest
            } else if let named, left.contains(where: { $0.address == named }) {
                self = .earlier(named)
            } else {
                self = .unknown
            }
        }
    }

    /// The one over a way that is named.
    init(of dispatch: DispatchSummary, route: Int) {
        let address = dispatch.earlier.indices.contains(route) ? dispatch.earlier[route].address : nil
        self = route == dispatch.route ? .latest : address.map(Self.earlier) ?? .unknown
    }

    /// Where the message went; `nil`: that can't be told.
    func address(of dispatch: DispatchSummary) -> Address? {
        switch self {
        case .latest: dispatch.address
        case .earlier(let address): address
        case .unknown: nil
        }
    }

    /// For the log, where it is not the latest.
    var word: String? {
        switch self {
        case .latest: nil
        case .earlier: "earlier"
        case .unknown: "unknown"
        }
    }
}
