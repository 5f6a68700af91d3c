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

    private var hours: [Address: Hour] = [:]

    /// Whether one more answer may be given now; counts it when it may.
    mutating func takes(_ address: Address, at now: Timestamp) -> Bool {
        var hour = hours[address] ?? Hour(began: now, answers: 0)
        if now >= hour.began.adding(seconds: 3600) || now < hour.began { hour = Hour(began: now, answers: 0) }
        guard hour.answers < Self.answersPerHour else { return false }
        hour.answers += 1
        if hours.count >= Self.addressLimit, hours[address] == nil {
            hours = hours.filter { $0.value.began.adding(seconds: 3600) > now }
            if hours.count >= Self.addressLimit { hours.removeAll() }
        }
        hours[address] = hour
        return true
    }
}
