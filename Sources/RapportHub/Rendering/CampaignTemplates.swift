import RapportChannels
import RapportCore

/// A campaign's templates, compiled, by channel and language.
struct CampaignTemplates: Sendable {
    private let byChannel: [Channel: [String: MessageTemplate]]
    private let language: String
    private let variables: [String: String]
    private let attachments: [EmailContent.Attachment]

    init(_ definition: CampaignDefinition) throws {
        var byChannel: [Channel: [String: MessageTemplate]] = [:]
        for (channel, sources) in Dictionary(grouping: definition.templates, by: \.channel) {
            for (language, parts) in Dictionary(grouping: sources, by: { $0.language ?? "" }) {
                let name = channel.rawValue + (language.isEmpty ? "" : ".\(language)")
                byChannel[channel, default: [:]][language.lowercased()] = try MessageTemplate(
                    channel: channel, parts: parts, name: "\(definition.name)/\(name)")
            }
        }
        self.byChannel = byChannel
        language = definition.language.lowercased()
        variables = definition.variables
        attachments = definition.attachments.map { .init(name: $0.name, type: $0.type, bytes: $0.bytes) }
    }

    /// Fills in what one recipient gets over one channel.
    ///
    /// The language is the best match of the recipient's: `zh-CN`, then `zh`, then the campaign's own.
    ///
    /// - Parameter value: the recipient's own values, which go before the campaign's.
    func render(
        channel: Channel, language: String?, value: @escaping (String) -> String?
    ) throws(RenderError) -> OutboundMessage.Content {
        guard let templates = byChannel[channel], let template = best(for: language, in: templates) else {
            throw RenderError.noTemplate(channel.rawValue)
        }
        return try template.render({ value($0) ?? variables[$0] }, attachments: attachments)
    }

    private func best(for wanted: String?, in templates: [String: MessageTemplate]) -> MessageTemplate? {
        var candidates: [String] = []
        if let wanted = wanted?.lowercased() {
            candidates += [wanted, String(wanted.prefix { $0 != "-" && $0 != "_" })]
            if candidates.last == language { candidates.append("") }
        }
        candidates += [language, ""]
        return candidates.lazy.compactMap { templates[$0] }.first
            ?? templates.min { $0.key < $1.key }?.value
    }
}
