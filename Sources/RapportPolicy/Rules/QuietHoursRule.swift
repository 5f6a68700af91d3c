import RapportCore

/// `quietHours: { from: "21:00", to: "08:00", channels: [sms, ivr] }`: not at night, where the recipient is.
struct QuietHoursRule: FileRule {
    static let word = "quietHours"
    static let keys = ["from", "to", "onHit"]

    let name = RuleName.quietHours
    let narrowing: Narrowing
    let onHit: HitAction
    let summary: String
    private let night: Night

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        let hours = fields.quietHours()
        guard let onHit = fields.onHit(), let hours else { return nil }
        night = Night(hours.hours)
        self.onHit = onHit
        self.narrowing = narrowing
        summary = "not from \(hours.text)"
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        night.end(at: now.seconds, situation.clock).map { .objects(until: Timestamp(seconds: $0)) } ?? .pass
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        situation.isZoneReplaced ? summary + situation.zoneRemark : summary
    }
}
