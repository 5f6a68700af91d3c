import RapportChannels
import RapportCore
import RapportHub
import RapportPolicy

/// What `/v1/customers` is told of a customer. A field that is missing leaves what is known; `null` forgets it.
struct CustomerForm: Sendable {
    private enum Change<Value: Sendable>: Sendable {
        case keep
        case set(Value?)

        func over(_ known: Value?) -> Value? {
            switch self {
            case .keep: known
            case .set(let value): value
            }
        }
    }

    static let known = [
        "addresses", "name", "language", "timeZone", "household", "owner", "tags", "attributes", "quietHours",
    ]

    var addresses: [Address]
    private var name: Change<String>
    private var language: Change<String>
    private var timeZone: Change<String>
    private var household: Change<String>
    private var owner: Change<String>
    private var tags: Change<Set<String>>
    private var attributes: Change<[String: String]>
    private var quietHours: Change<QuietHours>

    /// - Throws: `Problem` with the place.
    init(_ value: JSONValue, normalizer: any AddressNormalizing, region: String) throws(Problem) {
        let fields = try FieldReader(value, known: Self.known)
        addresses = []
        for (index, text) in (try fields.texts("addresses", count: 16, limit: 500) ?? []).enumerated() {
            do throws(AddressError) {
                let address = try normalizer.normalize(RawAddress(guessing: text), region: region)
                if !addresses.contains(address) { addresses.append(address) }
            } catch {
                throw Problem.malformed("\(fields.place(of: "addresses"))[\(index)]", error.reason)
            }
        }
        func text(_ name: String, limit: Int) throws(Problem) -> Change<String> {
            fields.has(name) ? .set(try fields.text(name, limit: limit)) : .keep
        }
        name = try text("name", limit: 300)
        language = try text("language", limit: 35)
        timeZone = try text("timeZone", limit: 60)
        if case .set(let zone?) = timeZone, ZoneDatabase.system.zone(named: zone) == nil {
            throw Problem.malformed(fields.place(of: "timeZone"), "expected an IANA name such as Asia/Shanghai")
        }
        household = try text("household", limit: 200)
        owner = try text("owner", limit: 200)
        tags = fields.has("tags") ? .set(Set(try fields.texts("tags", count: 200, limit: 100) ?? [])) : .keep
        attributes = fields.has("attributes") ? .set(try fields.attributes("attributes")) : .keep
        quietHours = fields.has("quietHours") ? .set(try Self.quietHours(fields)) : .keep
    }

    /// For the customers' desk.
    var entry: CustomerDesk.Entry {
        var endsQuietHours = false
        if case .set(.none) = quietHours { endsQuietHours = true }
        return CustomerDesk.Entry(addresses: addresses, endsQuietHours: endsQuietHours) { self.profile(over: $0) }
    }

    private func profile(over known: Customer.Profile) -> Customer.Profile {
        var profile = known
        profile.name = name.over(known.name)
        profile.language = language.over(known.language)
        profile.timeZone = timeZone.over(known.timeZone)
        profile.household = household.over(known.household)
        profile.owner = owner.over(known.owner)
        profile.tags = tags.over(known.tags) ?? []
        profile.attributes = attributes.over(known.attributes) ?? [:]
        profile.quietHours = quietHours.over(known.quietHours)
        return profile
    }

    private static func quietHours(_ fields: FieldReader) throws(Problem) -> QuietHours? {
        guard let value = fields.any("quietHours") else { return nil }
        let place = fields.place(of: "quietHours")
        let hours = try FieldReader(value, place: place, known: ["from", "to"])
        let from = try minutes(hours, "from")
        let to = try minutes(hours, "to")
        guard from != to else { throw Problem.malformed(place, "expected from and to to differ") }
        return QuietHours(from: from, to: to)
    }

    private static func minutes(_ fields: FieldReader, _ name: String) throws(Problem) -> Int {
        let parts = try fields.requiredText(name, limit: 5).split(separator: ":")
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { throw Problem.malformed(fields.place(of: name), "expected a time such as 21:30") }
        return hour * 60 + minute
    }
}
