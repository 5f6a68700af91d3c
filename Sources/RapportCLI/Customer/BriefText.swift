import RapportCore
import RapportHub

/// `rapport customer brief` in words: made to fit one screen of 24 to 40 lines.
enum BriefText {
    static func lines(_ brief: CustomerBrief) -> [String] {
        head(brief) + section("OPEN", open(brief), none: "nothing is open")
            + section("PROMISED", promises(brief), none: nil)
            + section("WANTS TO HEAR", preferences(brief), none: nil)
            + section("LAST CONTACTS", contacts(brief), none: "no contact yet")
    }

    private static func head(_ brief: CustomerBrief) -> [String] {
        let name = brief.erased ? "(erased)" : brief.name ?? "(no name)"
        var facts = Labelled()
        facts.add("owner", brief.owner ?? "nobody")
        facts.add("reached at", brief.addresses.joined(separator: "  "))
        facts.add("speaks", [brief.language, brief.timeZone].compactMap { $0 }.joined(separator: ", "))
        facts.add("household", brief.household)
        facts.add("tags", brief.tags.joined(separator: ", "))
        let attributes = brief.attributes.sorted { $0.key < $1.key }.prefix(8)
        facts.add("known", attributes.map { "\($0.key): \($0.value)" }.joined(separator: ", "))
        return [Style.bold(PlainText.line(name)) + "  \(brief.customer)"] + facts.lines()
    }

    private static func section(_ title: String, _ lines: [String], none: String?) -> [String] {
        if lines.isEmpty { return none.map { ["", Style.bold(title), "  \($0)"] } ?? [] }
        return ["", Style.bold(title)] + lines.map { "  " + $0 }
    }

    private static func open(_ brief: CustomerBrief) -> [String] {
        brief.open.prefix(6).map { item in
            let due = item.dueAt.map { at in
                item.overdue
                    ? ", " + Spoken.duration(seconds: Int(brief.at.seconds - at.seconds)) + " late"
                    : ", due \(LocalTime.minute(at))"
            }
            let owner = item.owner.map { " (\($0))" } ?? ""
            let line = PlainText.line("\(item.id) \(item.kind)\(due ?? "")\(owner): \(item.summary)")
            return item.overdue ? Style.red(line) : line
        } + more(brief.open.count, than: 6)
    }

    private static func promises(_ brief: CustomerBrief) -> [String] {
        brief.promises.prefix(4).map { promise in
            PlainText.line("\(LocalTime.minute(promise.at)) \(promise.by ?? "?"): \(promise.text)")
        } + more(brief.promises.count, than: 4)
    }

    private static func preferences(_ brief: CustomerBrief) -> [String] {
        var lines = brief.preferences.map { row in
            let allowed = row.allowed.isEmpty ? "no" : row.allowed.joined(separator: ", ")
            let refused =
                row.allowed.isEmpty || row.refused.isEmpty ? "" : "; not by \(row.refused.joined(separator: ", "))"
            let unconfirmed =
                row.unconfirmed.isEmpty ? "" : "; not confirmed yet by \(row.unconfirmed.joined(separator: ", "))"
            return PlainText.line("\(row.title): \(allowed)\(refused)\(unconfirmed)")
        }
        if let until = brief.pausedUntil { lines.append("nothing at all until \(LocalTime.zoned(until))") }
        lines += brief.suppressed.map { PlainText.line("never to \($0.address): \($0.reason.rawValue)") }
        return lines
    }

    private static func contacts(_ brief: CustomerBrief) -> [String] {
        brief.lastContacts.map { contact in
            let arrow = contact.direction == .inbound ? "←" : "→"
            let said = contact.summary.map { " “\($0)”" } ?? ""
            return PlainText.line(
                "\(LocalTime.minute(contact.at)) \(arrow) \(contact.channel.rawValue) \(contact.kind)\(said)")
        }
    }

    private static func more(_ count: Int, than shown: Int) -> [String] {
        count > shown ? ["… and \(count - shown) more"] : []
    }
}
