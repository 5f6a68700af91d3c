import RapportCore
import RapportLog

/// Customers in words and as JSON.
enum CustomerText {
    static func table(_ customers: [Customer]) -> Table {
        var table = Table(["ID", "NAME", "LANGUAGE", "OWNER", "ADDRESSES"])
        for customer in customers {
            table.add([
                customer.id.description, name(customer), customer.profile.language ?? "–",
                customer.profile.owner ?? "–", customer.addresses.map(\.deliverable).joined(separator: ", "),
            ])
        }
        return table
    }

    /// `(erased)` and `(no name)` are not names.
    static func name(_ customer: Customer) -> String {
        customer.erased ? "(erased)" : customer.profile.name ?? "(no name)"
    }

    static func fields(_ customer: Customer) -> [(String, JSONField)] {
        let profile = customer.profile
        return [
            ("id", .text(customer.id.description)), ("name", JSONField(profile.name)),
            ("language", JSONField(profile.language)), ("timeZone", JSONField(profile.timeZone)),
            ("household", JSONField(profile.household)), ("owner", JSONField(profile.owner)),
            ("tags", JSONField(profile.tags.sorted())), ("attributes", JSONField(profile.attributes)),
            ("quietHours", profile.quietHours.map { JSONField(quietHours($0)) } ?? .null),
            ("pausedUntil", JSONField(profile.pausedUntil)),
            ("addresses", JSONField(customer.addresses.map(\.deliverableURI))), ("erased", .flag(customer.erased)),
        ]
    }

    private static func quietHours(_ hours: QuietHours) -> [String: String] {
        ["from": clock(hours.from), "to": clock(hours.to)]
    }

    /// `21:00`
    static func clock(_ minutes: Int) -> String {
        "\(minutes < 600 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
}
