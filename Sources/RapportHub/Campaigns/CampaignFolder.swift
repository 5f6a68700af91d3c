import Crypto
import Foundation
import RapportCore
import RapportYAML

/// Reads a campaign from its folder `templates/campaigns/NAME/`:
///
///     campaign.yaml          audience, class, topic, channels, schedule, …
///     email.txt              the mail, with header lines (Subject:, From:, Reply-To:) and an empty line before the text
///     email.html             its other form, when there is one
///     email.zh.txt           the same for readers of a language
///     sms.txt                the text of an SMS
///     webhook.json           the JSON of a webhook
///     attachments/*          sent with every mail
package struct CampaignFolder: Sendable {
    package var path: String

    package init(path: String) {
        self.path = path
    }

    /// The names of the campaigns below `templates/campaigns`, sorted.
    package static func names(below templates: String) -> [String] {
        let folder = templates + "/campaigns"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/campaign.yaml") }.sorted()
    }

    /// - Throws: `YAMLProblem` with file, line and what was expected.
    package func load() throws -> CampaignDefinition {
        let root = try root()
        var definition = try CampaignFile.read(root, name: URL(filePath: path).lastPathComponent)
        definition.templates = try templates()
        definition.attachments = try attachments()
        for channel in definition.channels where !definition.templates.contains(where: { $0.channel == channel }) {
            throw root.problem("the channel \(channel.rawValue) has no template; expected \(expectation(channel))")
        }
        definition.content = fingerprint(of: definition)
        return definition
    }

    /// What `campaign.yaml` says, for the places of problems.
    func file() throws -> YAMLMapping { try root().openMapping() }

    private func root() throws -> YAMLValue {
        let file = path + "/campaign.yaml"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw YAMLProblem(file: file, line: 1, column: 1, message: "there is no such file, or it is not UTF-8")
        }
        return try YAMLValue.parse(text, file: file)
    }

    private func expectation(_ channel: Channel) -> String {
        channel == .webhook ? "webhook.json" : "\(channel.rawValue).txt"
    }

    private func templates() throws -> [CampaignDefinition.TemplateSource] {
        var sources: [CampaignDefinition.TemplateSource] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count), let channel = Channel(rawValue: parts[0]),
                Channel.outbound.contains(channel), let part = Self.parts[parts[parts.count - 1]]
            else { continue }
            let bytes = try bytes(of: name, limit: 1 << 20)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw YAMLProblem(file: "\(path)/\(name)", line: 1, column: 1, message: "the template is not UTF-8")
            }
            sources.append(
                .init(channel: channel, language: parts.count == 3 ? parts[1] : nil, part: part, text: text))
        }
        return sources
    }

    private static let parts: [String: CampaignDefinition.TemplateSource.Part] = [
        "txt": .text, "html": .html, "json": .json,
    ]

    private func attachments() throws -> [CampaignDefinition.AttachmentSource] {
        let folder = path + "/attachments"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { !$0.hasPrefix(".") }.map {
            .init(
                name: $0, type: MediaTypes.type(ofFile: $0),
                bytes: try bytes(of: "attachments/\($0)", limit: 10 << 20))
        }
    }

    private func bytes(of name: String, limit: Int) throws -> [UInt8] {
        let file = "\(path)/\(name)"
        let data = try Data(contentsOf: URL(filePath: file))
        guard data.count <= limit else {
            throw YAMLProblem(file: file, line: 1, column: 1, message: "the file is larger than \(limit >> 20) MiB")
        }
        return [UInt8](data)
    }

    private func fingerprint(of definition: CampaignDefinition) -> String {
        var hash = SHA256()
        for template in definition.templates {
            hash.update(data: Array("\(template.channel) \(template.language ?? "") \(template.part)\n".utf8))
            hash.update(data: Array(template.text.utf8))
        }
        // A text may come whole from its variables, as the news of a monthly letter.
        for (name, value) in definition.variables.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\(name.utf8.count) \(value.utf8.count)\n\(name)\(value)".utf8))
        }
        for attachment in definition.attachments {
            hash.update(data: Array("\(attachment.name)\n".utf8))
            hash.update(data: attachment.bytes)
        }
        return hash.finalize().prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

/// Media types by the ending of a file's name, for what people attach.
enum MediaTypes {
    static func type(ofFile name: String) -> String {
        let ending = name.split(separator: ".").last?.lowercased() ?? ""
        return known[ending] ?? "application/octet-stream"
    }

    private static let known = [
        "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "txt": "text/plain", "csv": "text/csv", "html": "text/html", "ics": "text/calendar", "zip": "application/zip",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
}
