/// The rules that the replay checks, as the policy file says them and as plain numbers.
enum RacePolicy {
    static let windowMilliseconds: Int64 = 3_600_000
    static let perCustomer = 2
    static let perAddress = 2
    static let perHousehold = 3

    static let text = """
        timeZone: UTC
        topics:
          offers: { title: "Offers", consent: opt-in }
          news:   { title: "News", consent: opt-out }
        rules:
          - duplicate: { same: offer, per: customer, within: 90d }
          - duplicate: { same: content, per: address, within: 90d }
          - cap: { max: \(perCustomer), per: 1h, scope: customer }
          - cap: { max: \(perAddress), per: 1h, scope: address }
          - cap: { max: \(perHousehold), per: 1h, scope: household }
        """
}
