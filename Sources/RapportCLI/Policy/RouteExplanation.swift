import RapportCore
import RapportLog
import RapportPolicy

/// What the policy says of one customer and one campaign, route by route.
struct RouteExplanation: Sendable {
    var customer: CustomerID
    var campaign: CampaignKey
    var at: Timestamp
    var policyVersion: String
    /// The customer's message of this campaign, when there is one.
    var already: DispatchRow?
    var routes: [(route: Route, explanation: PolicyExplanation)]

    /// The route that decides, as the dispatcher goes through them: the first that is not forbidden.
    private var deciding: (route: Route, explanation: PolicyExplanation)? {
        routes.first { $0.explanation.verdict != "skip" } ?? routes.first
    }

    var lines: [String] {
        var lines = [Style.bold("\(customer), campaign \(campaign), at \(at), policy \(policyVersion)")]
        if let already { lines.append(Self.told(already)) }
        guard let deciding else {
            return lines + ["no route: the customer has no address that the campaign's channels can use"]
        }
        let condition = already == nil ? "" : "without that one, it "
        lines.append(condition + Self.told(deciding.explanation, over: deciding.route))
        for (route, explanation) in routes {
            lines += [
                "", "\(Style.bold(route.channel.rawValue)) over \(route.adapter) to \(Self.shown(route.address))",
            ]
            lines += Self.lines(explanation)
        }
        return lines
    }

    private static func told(_ explanation: PolicyExplanation, over route: Route) -> String {
        let rule = explanation.rule.map { " by the rule \($0.rawValue)" } ?? ""
        switch explanation.verdict {
        case "send": return Style.green("would be sent") + " by \(route.channel) over \(route.adapter)"
        case "defer":
            return Style.yellow("would wait") + rule + (explanation.until.map { " until \($0)" } ?? "")
                + ", then go by \(route.channel)"
        default: return Style.red("would be skipped") + rule
        }
    }

    private static func told(_ row: DispatchRow) -> String {
        var text = "has it already: \(row.id) by \(row.channel), \(row.state.rawValue)"
        if let rule = row.rule { text += " (\(rule))" }
        if !row.evidence.isEmpty { text += " because of " + row.evidence.joined(separator: ", ") }
        if let claimed = row.claimedAt { text += ", taken up \(claimed)" }
        return text
    }

    private static func lines(_ explanation: PolicyExplanation) -> [String] {
        let width = explanation.findings.map { $0.rule.rawValue.count }.max() ?? 0
        return explanation.findings.map { step in
            let rule = step.rule.rawValue + String(repeating: " ", count: width - step.rule.rawValue.count)
            var line = "  \(rule)  \(mark(step.opinion))  \(step.note)"
            if let until = step.until { line += "; until \(until)" }
            if !step.evidence.isEmpty { line += " [" + step.evidence.joined(separator: ", ") + "]" }
            return line
        }
    }

    private static func mark(_ opinion: String) -> String {
        switch opinion {
        case "skip": Style.red("skip ")
        case "defer": Style.yellow("defer")
        default: Style.dim("pass ")
        }
    }

    private static func shown(_ address: Address) -> String { PlainText.line(address.deliverable) }

    /// One line a route; one that says so when there is none.
    var fields: [[(String, JSONField)]] {
        guard !routes.isEmpty else {
            return [
                [
                    ("customer", .text(customer.description)), ("campaign", .text(campaign.name)),
                    ("occurrence", JSONField(campaign.occurrence)), ("at", JSONField(at)),
                    ("policyVersion", .text(policyVersion)), ("verdict", "skip"), ("rule", "no-route"),
                ]
            ]
        }
        return routes.map { route, explanation in
            [
                ("customer", .text(customer.description)), ("campaign", .text(campaign.name)),
                ("occurrence", JSONField(campaign.occurrence)), ("at", JSONField(at)),
                ("policyVersion", .text(policyVersion)), ("channel", .text(route.channel.rawValue)),
                ("adapter", .text(route.adapter)), ("address", .text(route.address.deliverableURI)),
                ("decides", .flag(route == deciding?.route)), ("verdict", .text(explanation.verdict)),
                ("rule", JSONField(explanation.rule?.rawValue)), ("until", JSONField(explanation.until)),
                ("evidence", JSONField(explanation.evidence)), ("findings", .list(explanation.findings.map(Self.step))),
                ("already", JSONField(already?.id.description)),
                ("alreadyState", JSONField(already?.state.rawValue)),
            ]
        }
    }

    private static func step(_ step: PolicyExplanation.Step) -> JSONField {
        .object([
            ("rule", .text(step.rule.rawValue)), ("opinion", .text(step.opinion)), ("until", JSONField(step.until)),
            ("evidence", JSONField(step.evidence)), ("note", .text(step.note)),
        ])
    }
}
