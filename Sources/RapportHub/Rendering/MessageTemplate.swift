import RapportChannels
import RapportCore
import RapportYAML

/// The template of one message over one channel in one language.
struct MessageTemplate: Sendable {
    private enum Body: Sendable {
        case email(headers: [String: CompiledTemplate], text: CompiledTemplate, html: CompiledTemplate?)
        case text(CompiledTemplate)
        case event(CompiledTemplate)
    }

    private let body: Body

    init(channel: Channel, parts: [CampaignDefinition.TemplateSource], name: String) throws {
        func part(_ part: CampaignDefinition.TemplateSource.Part) -> String? {
            parts.first { $0.part == part }?.text
        }
        func missing(_ ending: String) -> YAMLProblem {
            YAMLProblem(file: "\(name).\(ending)", line: 1, column: 1, message: "this template is missing")
        }
        switch channel {
        case .email:
            guard let source = part(.text) else { throw missing("txt") }
            let (headers, text) = try Self.split(source, file: "\(name).txt")
            func compiled(_ part: Section) throws -> CompiledTemplate {
                try CompiledTemplate(
                    part.text, escaping: .none, file: "\(name).txt", firstLine: part.line, firstColumn: part.column)
            }
            body = .email(
                headers: try headers.mapValues(compiled), text: try compiled(text),
                html: try part(.html).map { try CompiledTemplate($0, escaping: .html, file: "\(name).html") })
        case .webhook:
            guard let source = part(.json) else { throw missing("json") }
            body = .event(try CompiledTemplate(source, escaping: .json, file: "\(name).json"))
        default:
            guard let source = part(.text) else { throw missing("txt") }
            body = .text(try CompiledTemplate(source, escaping: .none, file: "\(name).txt"))
        }
    }

    func render(
        _ values: @escaping (String) -> String?, attachments: [EmailContent.Attachment]
    ) throws(RenderError) -> OutboundMessage.Content {
        switch body {
        case .email(let headers, let text, let html):
            return .email(
                EmailContent(
                    from: try headers["from"]?.render(values), replyTo: try headers["reply-to"]?.render(values),
                    subject: try headers["subject"]?.render(values) ?? "", text: try text.render(values),
                    html: try html?.render(values), attachments: attachments))
        case .text(let template):
            return .text(try template.render(values).trimmingNewlines())
        case .event(let template):
            return .event(type: "message", json: try template.render(values))
        }
    }

    /// A header's value or the text of a mail, and where it begins in the file.
    private struct Section {
        var text: String
        var line: Int
        var column = 1
    }

    /// Header lines, an empty line, the text: as a mail is written.
    private static func split(
        _ source: String, file: String
    ) throws -> (headers: [String: Section], text: Section) {
        let lines = source.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        var headers: [String: Section] = [:]
        for (index, line) in lines.enumerated() {
            if line.isEmpty {
                guard headers["subject"] != nil else { break }
                return (headers, Section(text: lines[(index + 1)...].joined(separator: "\n"), line: index + 2))
            }
            guard let colon = line.firstIndex(of: ":") else { break }
            let name = line[..<colon].lowercased()
            guard ["subject", "from", "reply-to"].contains(name), headers[name] == nil else {
                throw YAMLProblem(
                    file: file, line: index + 1, column: 1, message: "expected Subject:, From: or Reply-To:, each once")
            }
            let value = line[line.index(after: colon)...]
            let blanks = value.prefix { $0 == " " || $0 == "\t" }.count
            headers[name] = Section(
                text: value.trimmingSpaces(), line: index + 1, column: name.count + 2 + blanks)
        }
        throw YAMLProblem(
            file: file, line: 1, column: 1,
            message: "expected header lines with a Subject:, then an empty line, then the text")
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String {
        let start = drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { String(start[...$0]) } ?? ""
    }

    fileprivate func trimmingNewlines() -> String {
        let end = lastIndex { !$0.isNewline }
        return end.map { String(self[...$0]) } ?? ""
    }
}
