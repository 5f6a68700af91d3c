import RapportCore

/// Bounds how often one address is told how to get help: two machines that answer each other would go on for ever. Pure.
struct HelpBudget: Sendable {
    static let answersPerHour = 3
    /// More addresses than this are not remembered; the oldest hour goes first.
    private static let addressLimit = 10_000

    private struct Hour {
        var began: Timestamp
        var answers: Int
    }

    /// One of an hour's answers.
    struct Share: Sendable {
        fileprivate let address: Address
        fileprivate let began: Timestamp
    }

    private var hours: [Address: Hour] = [:]

    /// Counts one more answer; `nil` when there may be none now.
    mutating func take(_ address: Address, at now: Timestamp) -> Share? {
        var hour = hours[address] ?? Hour(began: now, answers: 0)
        if now >= hour.began.adding(seconds: 3600) || now < hour.began { hour = Hour(began: now, answers: 0) }
        guard hour.answers < Self.answersPerHour else { return nil }
        hour.answers += 1
        if hours.count >= Self.addressLimit, hours[address] == nil {
            hours = hours.filter { $0.value.began.adding(seconds: 3600) > now }
            if hours.count >= Self.addressLimit { hours.removeAll() }
        }
        hours[address] = hour
        return Share(address: address, began: hour.began)
    }

    /// Counts an answer no more, because none was given. An hour begins with an answer that was.
    mutating func giveBack(_ share: Share) {
        guard var hour = hours[share.address], hour.began == share.began else { return }
        hour.answers -= 1
        hours[share.address] = hour.answers > 0 ? hour : nil
    }
}
