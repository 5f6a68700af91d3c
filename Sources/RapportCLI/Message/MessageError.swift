import RapportCore

/// Why a message can't be sent or shown. Sentences for people.
enum MessageError: Error, CustomStringConvertible {
    case unknown(DispatchID)
    case unreadable(String)
    case tooLong
    case empty
    case erased(CustomerID)
    case unknownFollowUp(FollowUpID)
    case foreignFollowUp(FollowUpID, CustomerID)
    case closedFollowUp(FollowUpID)
    case wrongChannel(Address.Scheme)

    var description: String {
        switch self {
        case .unknown(let id): "there is no message \(id)"
        case .unreadable(let place): "\(place) can't be read, or is not UTF-8"
        case .tooLong: "the text is longer than \(MessageSource.limit / 1000) kB"
        case .empty: "there is no text"
        case .erased(let id): "\(id) is erased and can't be written to"
        case .unknownFollowUp(let id): "there is no follow-up \(id)"
        case .foreignFollowUp(let id, let customer): "\(id) is not \(customer)’s"
        case .closedFollowUp(let id): "\(id) is closed already"
        case .wrongChannel(let scheme): "none of the channels reaches an address that begins with \(scheme.rawValue):"
        }
    }
}
