import RapportCore
import RapportHub
import RapportLog

/// `rapport campaign plan` in words and as JSON.
enum PreviewText {
    /// Rows of the audience's file that are named one by one.
    private static let problemLimit = 10

    static func lines(_ definition: CampaignDefinition, _ preview: CampaignPreview) -> [String] {
        let key = CampaignKey(name: definition.name, occurrence: definition.occurrence)
        let channels = definition.channels.map(\.rawValue).joined(separator: ", then ")
        let head =
            Style.bold(PlainText.line(key.description)) + "  "
            + PlainText.line(
                "\(definition.title): \(definition.messageClass.rawValue), topic \(definition.topic), by \(channels)")
        return [head, ""] + counts(definition, preview) + problems(preview) + examples(preview)
    }

    private static func counts(_ definition: CampaignDefinition, _ preview: CampaignPreview) -> [String] {
        var table = Table(["", "", ""], rightAligned: [1])
        table.add(["audience", "\(preview.audience)", ""])
        table.add([definition.startAt == nil ? "would leave now" : "would leave", "\(preview.send)", sent(preview)])
        if let start = definition.startAt { table.add(["", "", "not before \(LocalTime.zoned(start))"]) }
        let deferred = preview.deferred.sorted { $0.key < $1.key }
        let later = preview.smsSegmentsLater > 0 ? Spoken.count(preview.smsSegmentsLater, "SMS segment") : ""
        table.add(["would wait", "\(deferred.reduce(0) { $0 + $1.value.count })", later])
        for (rule, entry) in deferred { table.add(["  \(rule)", "\(entry.count)", span(entry)]) }
        table.add(["would be skipped", "\(preview.skipped.values.reduce(0, +))", ""])
        for (rule, count) in preview.skipped.sorted(by: { $0.key < $1.key }) {
            table.add(["  \(rule)", "\(count)", ""])
        }
        table.add(["can't be made", "\(preview.unrenderable.values.reduce(0, +))", ""])
        for (reason, count) in preview.unrenderable.sorted(by: { $0.key < $1.key }) {
            table.add(["", "\(count)", reason])
        }
        for (reason, count) in preview.unrenderableFallbacks.sorted(by: { $0.key < $1.key }) {
            table.add(["  as a fallback", "\(count)", reason])
        }
        table.add([
            "can't be reached", "\(preview.unreachable)", preview.unreachable > 0 ? "no address for a channel" : "",
        ])
        table.add(["name nobody", "\(preview.problems.count)", ""])
        return table.lines().dropFirst().map(\.withoutTrailingSpaces)
    }

    private static func sent(_ preview: CampaignPreview) -> String {
        var parts = preview.sendByChannel.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "\($0.key.rawValue) \($0.value)"
        }
        if preview.smsSegments > 0 {
            parts.append(Spoken.count(preview.smsSegments, "SMS segment"))
        }
        return parts.joined(separator: ", ")
    }

    private static func span(_ entry: CampaignPreview.Deferred) -> String {
        entry.earliest == entry.latest
            ? "until \(LocalTime.zoned(entry.earliest))"
            : "until \(LocalTime.zoned(entry.earliest)) at the earliest, \(LocalTime.zoned(entry.latest)) at the latest"
    }

    private static func problems(_ preview: CampaignPreview) -> [String] {
        guard !preview.problems.isEmpty else { return [] }
        let more = preview.problems.count - problemLimit
        return [""] + preview.problems.prefix(problemLimit).map { "line \($0.line): \(PlainText.line($0.reason))" }
            + (more > 0 ? ["… and " + Spoken.count(more, "more line")] : [])
    }

    private static func examples(_ preview: CampaignPreview) -> [String] {
        guard !preview.examples.isEmpty else { return [] }
        var table = Table(["EXAMPLE", "WHAT", "WHERE", "WHY OR WHAT IT SAYS"])
        for example in preview.examples {
            let why = [example.rule, example.until.map { "until \(LocalTime.zoned($0))" }].compactMap { $0 }
            let found = evidence(example, planned: "another recipient of this plan")
            let evidence = found.isEmpty ? "" : " (\(found.joined(separator: ", ")))"
            let text = example.text ?? ""
            table.add([
                example.customer.description, example.verdict,
                [example.channel?.rawValue, example.address].compactMap { $0 }.joined(separator: " "),
                why.joined(separator: " ") + evidence + (text.isEmpty ? "" : "“\(text)”"),
            ])
        }
        return [""] + table.lines()
    }

    /// The messages of a plan have no ids that would mean anything afterwards: `planned` stands for them.
    private static func evidence(_ example: CampaignPreview.Example, planned: String) -> [String] {
        example.evidence.map { $0.hasPrefix("d-") ? planned : $0 }
    }

    static func fields(_ definition: CampaignDefinition, _ preview: CampaignPreview) -> [(String, JSONField)] {
        [
            ("campaign", .text(definition.name)), ("occurrence", JSONField(definition.occurrence)),
            ("class", .text(definition.messageClass.rawValue)), ("topic", .text(definition.topic)),
            ("audience", .number(preview.audience)), ("send", .number(preview.send)),
            (
                "sendByChannel",
                JSONField(Dictionary(uniqueKeysWithValues: preview.sendByChannel.map { ($0.key.rawValue, $0.value) }))
            ),
            ("smsSegments", .number(preview.smsSegments)), ("smsSegmentsLater", .number(preview.smsSegmentsLater)),
            ("deferred", .object(preview.deferred.sorted { $0.key < $1.key }.map { ($0.key, deferred($0.value)) })),
            ("skipped", JSONField(preview.skipped)), ("unrenderable", JSONField(preview.unrenderable)),
            ("unrenderableFallbacks", JSONField(preview.unrenderableFallbacks)),
            ("unreachable", .number(preview.unreachable)),
            (
                "problems",
                .list(preview.problems.map { .object([("line", .number($0.line)), ("reason", .text($0.reason))]) })
            ),
            ("examples", .list(preview.examples.map(example))),
        ]
    }

    private static func deferred(_ entry: CampaignPreview.Deferred) -> JSONField {
        .object([
            ("count", .number(entry.count)), ("earliest", JSONField(entry.earliest)),
            ("latest", JSONField(entry.latest)),
        ])
    }

    private static func example(_ example: CampaignPreview.Example) -> JSONField {
        .object([
            ("customer", .text(example.customer.description)), ("channel", JSONField(example.channel?.rawValue)),
            ("address", JSONField(example.address)), ("verdict", .text(example.verdict)),
            ("rule", JSONField(example.rule)), ("until", JSONField(example.until)),
            ("evidence", JSONField(evidence(example, planned: "plan"))), ("text", JSONField(example.text)),
        ])
    }
}
