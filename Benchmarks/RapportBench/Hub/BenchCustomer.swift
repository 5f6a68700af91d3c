/// The customers of measured stores are numbered; everything about one follows from the number.
struct BenchCustomer: Sendable {
    let number: Int

    init(_ number: Int) { self.number = number }

    var mailbox: String { "customer\(number)@shop\(number % 97).example" }
    var id: String { "crm/\(number)" }
    var name: String { "\(Self.firstNames[number % Self.firstNames.count]) Example \(number)" }
    var city: String { Self.cities[number % Self.cities.count] }
    var owner: String { Self.firstNames[number % 5] }
    var timeZone: String { ["Europe/Berlin", "Asia/Shanghai", "America/New_York"][number % 3] }
    /// Customers of one round of a campaign, where rounds share a store.
    func group(of size: Int) -> String { "g\(number / max(size, 1))" }

    private static let firstNames = ["Ana", "Bo", "Carla", "Deniz", "Emil", "Fay", "Goran"]
    private static let cities = ["Berlin", "Shanghai", "Madrid", "Accra", "Prague"]
}
