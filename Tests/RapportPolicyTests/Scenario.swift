import RapportCore

@testable import RapportPolicy

/// A policy, facts and a request made from a seed: every rule, zones with odd clock changes, instants near them, facts of
/// the past and of the future, all at whole minutes.
struct Scenario {
    var policy: ContactPolicy
    var request: ContactRequest
    var facts: ContactFacts
    var now: Timestamp
    var description: String

    private static let zones = [
        "UTC", "Asia/Shanghai", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia",
        "America/St_Johns",
        "Asia/Kathmandu", "No/Where",
    ]
    private static let moments = [
        "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-03-08T05:00:00Z", "2026-11-01T05:00:00Z",
        "2026-04-04T15:00:00Z", "2011-12-30T10:00:00Z", "2010-11-07T02:31:00Z", "2026-06-15T04:00:00Z",
        "2026-02-28T23:00:00Z",
    ]

    init(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let middle = Samples.instant(Scenario.moments.randomElement(using: &random) ?? "")
        now = middle.adding(seconds: Int64.random(in: -1500...1500, using: &random) * 60)
        let rules = (0..<Int.random(in: 1...6, using: &random)).map { _ in Scenario.rule(&random) }
        let text = Samples.topics.replacing(
            "Asia/Shanghai", with: Scenario.zones.dropLast().randomElement(using: &random) ?? "UTC")
        let yaml = text + "rules:\n" + rules.map { "  - \($0)\n" }.joined()
        policy = try ContactPolicy(yaml: yaml)
        request = Scenario.request(&random, now)
        facts = Scenario.facts(&random, now)
        description = "seed \(seed) at \(now)\n\(yaml)\(request)\n\(facts)"
    }

    private static func rule(_ random: inout SeededGenerator) -> String {
        let hit = Int.random(in: 0..<5, using: &random) == 0 ? ", onHit: skip" : ""
        let narrow =
            ["", "", ", classes: [marketing, service]", ", topics: [care, offers]", ", channels: [email, sms]"]
            .randomElement(using: &random) ?? ""
        let scope = ["customer", "address", "household"].randomElement(using: &random) ?? ""
        let hours = ["00:00", "02:30", "07:00", "12:00", "21:00", "23:59"].shuffled(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1, 2:
            let per = ["3h", "1d", "2d", "day", "week", "month"].randomElement(using: &random) ?? ""
            return "cap: { max: \(Int.random(in: 1...3, using: &random)), per: \(per), scope: \(scope)\(hit)\(narrow) }"
        case 3, 4: return "gap: { min: \(Int.random(in: 1...30, using: &random))h, scope: \(scope)\(hit)\(narrow) }"
        case 5, 6: return "quietHours: { from: \"\(hours[0])\", to: \"\(hours[1])\"\(hit)\(narrow) }"
        case 7:
            let days = Weekday.allCases.shuffled(using: &random).prefix(2).map(\.rawValue).joined(separator: ", ")
            return "calendar: { closed: [\(days)], dates: [2026-03-29, 2026-10-26]\(hit)\(narrow) }"
        case 8: return "duplicate: { same: content, per: \(scope), within: 1mo\(narrow) }"
        default: return "responded: { within: 2d\(narrow) }"
        }
    }

    private static func request(_ random: inout SeededGenerator, _ now: Timestamp) -> ContactRequest {
        let messageClass: MessageClass = Int.random(in: 0..<6, using: &random) == 0 ? .service : .marketing
        let expiry = Bool.random(using: &random) ? Int64.random(in: 1...8000, using: &random) : 8640
        return Samples.request(
            messageClass, topic: ["care", "news", "offers"].randomElement(using: &random) ?? "",
            channel: [.email, .sms].randomElement(using: &random) ?? .email, campaign: "spring",
            content: Int.random(in: 0..<4, using: &random) == 0 ? "x" : nil,
            // Always, and at most six days ahead, so that looking at every minute ends.
            expiresAt: now.adding(seconds: expiry * 60))
    }

    private static func facts(_ random: inout SeededGenerator, _ now: Timestamp) -> ContactFacts {
        func near(_ random: inout SeededGenerator, _ range: ClosedRange<Int64>) -> Timestamp {
            now.adding(seconds: Int64.random(in: range, using: &random) * 60)
        }
        func rarely(_ random: inout SeededGenerator) -> Bool { Int.random(in: 0..<5, using: &random) == 0 }
        let quiet = rarely(&random) ? QuietHours(from: 22 * 60, to: 7 * 60) : nil
        let customer = Samples.customer(
            zone: Bool.random(using: &random) ? zones.randomElement(using: &random) : nil, quietHours: quiet,
            pausedUntil: rarely(&random) ? near(&random, -100...3000) : nil,
            household: Bool.random(using: &random) ? "h1" : nil)
        let yes = near(&random, -2000 ... -10).rfc3339
        var facts = ContactFacts(
            customer: customer, consents: [Samples.consent("k1", .granted, at: yes, topic: nil, confirmedAt: yes)])
        if rarely(&random) {
            facts.consents.append(Samples.consent("k2", .denied, at: near(&random, 0...4000).rfc3339, topic: nil))
        }
        if rarely(&random) {
            facts.responses = [.init(id: "i1", campaign: "spring", at: near(&random, -3000...3000))]
        }
        for index in 0..<Int.random(in: 0...8, using: &random) {
            facts.dispatches.append(
                Samples.dispatch(
                    "d\(index)", at: near(&random, -4000...2500),
                    customer: Bool.random(using: &random) ? "c1" : "c2",
                    household: Bool.random(using: &random) ? "h1" : nil,
                    channel: Bool.random(using: &random) ? .email : .sms,
                    topic: ["care", "news", "offers"].randomElement(using: &random) ?? "",
                    content: rarely(&random) ? "x" : nil,
                    state: [.delivered, .claimed, .failed].randomElement(using: &random) ?? .delivered))
        }
        return facts
    }
}
