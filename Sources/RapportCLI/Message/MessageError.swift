import RapportCore

/// Why a message can't be sent or shown. Sentences for people.
enum MessageError: Error, CustomStringConvertible {
    case unknown(DispatchID)
    case unreadable(String)
    case tooLong
    case empty
    case erased(CustomerID)
    case wrongChannel(Address.Scheme)

    var description: String {
        switch self {
        case .unknown(let id): "there is no message \(id)"
        case .unreadable(let place): "\(place) can't be read, or is not UTF-8"
        case .tooLong: "the text is longer than \(MessageSource.limit / 1000) kB"
        case .empty: "there is no text"
        case .erased(let id): "\(id) is erased and can't be written to"
        case .wrongChannel(let scheme): "none of the channels reaches an address that begins with \(scheme.rawValue):"
        }
    }
}
