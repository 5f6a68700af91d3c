import RapportChannels
import RapportCore

/// A campaign's templates, compiled, by channel and language.
struct CampaignTemplates: Sendable {
    private let byChannel: [Channel: [String: MessageTemplate]]
    private let language: String
    private let variables: [String: String]
    private let attachments: [EmailContent.Attachment]

    /// - Parameter folder: where the templates were read from, for the places of their mistakes.
    /// - Throws: `YAMLProblem` for the first template that can't be read.
    init(_ definition: CampaignDefinition, folder: String? = nil) throws {
        var byChannel: [Channel: [String: MessageTemplate]] = [:]
        for source in Self.sources(of: definition, folder: folder) {
            byChannel[source.channel, default: [:]][source.language] = try source.compiled()
        }
        self.byChannel = byChannel
        language = definition.language.lowercased()
        variables = definition.variables
        attachments = definition.attachments.map { .init(name: $0.name, type: $0.type, bytes: $0.bytes) }
    }

    /// What is wrong with each of the templates.
    static func problems(of definition: CampaignDefinition, folder: String) -> [any Error] {
        sources(of: definition, folder: folder).compactMap { source in
            do {
                _ = try source.compiled()
                return nil
            } catch {
                return error
            }
        }
    }

    /// The files of one channel in one language.
    private struct Source {
        var channel: Channel
        var language: String
        var parts: [CampaignDefinition.TemplateSource]
        /// Of the files, without their endings.
        var name: String

        func compiled() throws -> MessageTemplate {
            try MessageTemplate(channel: channel, parts: parts, name: name)
        }
    }

    private static func sources(of definition: CampaignDefinition, folder: String?) -> [Source] {
        var sources: [Source] = []
        for (channel, files) in Dictionary(grouping: definition.templates, by: \.channel) {
            for (language, parts) in Dictionary(grouping: files, by: { $0.language ?? "" }) {
                let name = channel.rawValue + (language.isEmpty ? "" : ".\(language)")
                sources.append(
                    Source(
                        channel: channel, language: language.lowercased(), parts: parts,
                        name: "\(folder ?? definition.name)/\(name)"))
            }
        }
        return sources.sorted { $0.name < $1.name }
    }

    /// Fills in what one recipient gets over one channel.
    ///
    /// The language is the best match of the recipient's: `zh-CN`, then `zh`, then the campaign's own.
    ///
    /// - Parameter value: the recipient's own values, which go before the campaign's; an empty one is none.
    func render(
        channel: Channel, language: String?, value: @escaping (String) -> String?
    ) throws(RenderError) -> OutboundMessage.Content {
        guard let templates = byChannel[channel], let template = best(for: language, in: templates) else {
            throw RenderError.noTemplate(channel.rawValue)
        }
        return try template.render(
            { name in
                let own = value(name)
                return own?.isEmpty == false ? own : variables[name]
            }, attachments: attachments)
    }

    private func best(for wanted: String?, in templates: [String: MessageTemplate]) -> MessageTemplate? {
        if let wanted = wanted?.lowercased() {
            if let exact = templates[wanted] { return exact }
            let family = String(wanted.prefix { $0 != "-" && $0 != "_" })
            if let match = templates[family] ?? (family == language ? templates[""] : nil) { return match }
        }
        return templates[language] ?? templates[""] ?? templates.min { $0.key < $1.key }?.value
    }
}
