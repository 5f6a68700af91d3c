/// A person or an organisation, as the hub knows it.
package struct Customer: Hashable, Sendable, Codable {
    package var id: CustomerID
    package var profile: Profile
    /// Every address the customer is reached or recognised by; some may be shared with other customers.
    package var addresses: [Address]
    /// Set on a customer that was merged away: the one that now stands for it.
    package var mergedInto: CustomerID?
    package var erased: Bool

    package init(
        id: CustomerID, profile: Profile = Profile(), addresses: [Address] = [], mergedInto: CustomerID? = nil,
        erased: Bool = false
    ) {
        self.id = id
        self.profile = profile
        self.addresses = addresses
        self.mergedInto = mergedInto
        self.erased = erased
    }

    /// What is known beside the addresses.
    package struct Profile: Hashable, Sendable, Codable {
        package var name: String?
        /// BCP 47 tag, such as `zh-CN`.
        package var language: String?
        /// IANA name, such as `Asia/Shanghai`.
        package var timeZone: String?
        package var household: String?
        /// The one colleague who answers for the customer.
        package var owner: String?
        package var tags: Set<String>
        package var attributes: [String: String]
        package var quietHours: QuietHours?
        package var pausedUntil: Timestamp?

        package init(
            name: String? = nil, language: String? = nil, timeZone: String? = nil, household: String? = nil,
            owner: String? = nil, tags: Set<String> = [], attributes: [String: String] = [:],
            quietHours: QuietHours? = nil, pausedUntil: Timestamp? = nil
        ) {
            self.name = name
            self.language = language
            self.timeZone = timeZone
            self.household = household
            self.owner = owner
            self.tags = tags
            self.attributes = attributes
            self.quietHours = quietHours
            self.pausedUntil = pausedUntil
        }
    }
}

/// A nightly interval in local time, in minutes after midnight. `to` before `from` means the next morning.
package struct QuietHours: Hashable, Sendable, Codable {
    /// 0 to 1439, and different from `to`.
    package var from: Int
    /// 0 to 1439.
    package var to: Int

    package init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }
}
