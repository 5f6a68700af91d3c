import Mustache
import RapportYAML

/// A template that is ready to be filled in.
struct CompiledTemplate: Sendable {
    enum Escaping: Hashable, Sendable {
        case none, html, json

        func escape(_ text: String) -> String {
            switch self {
            case .none: text
            case .html: HTMLEscaping().escapeText(text)
            case .json: JSONEscaping().escapeText(text)
            }
        }
    }

    private enum Form: Sendable {
        case plain(PlainTemplate)
        case mustache(MustacheTemplate)
    }

    private let form: Form

    /// - Parameters:
    ///   - firstLine: where the text begins in its file, from 1.
    ///   - firstColumn: where it begins in that line, from 1.
    /// - Throws: `YAMLProblem` with the file's name and the place of the mistake.
    init(_ text: String, escaping: Escaping, file: String, firstLine: Int = 1, firstColumn: Int = 1) throws {
        func problem(line: Int, column: Int, _ message: String) -> YAMLProblem {
            YAMLProblem(
                file: file, line: firstLine + line - 1, column: line == 1 ? firstColumn + column - 1 : column,
                message: message)
        }
        let template: MustacheTemplate
        do {
            // Read as it was written first, so that a mistake is told where its writer sees it.
            _ = try MustacheTemplate(string: text)
            template = try MustacheTemplate(string: Self.pragma(escaping) + SectionNames.marked(in: text))
        } catch let error as MustacheTemplate.ParserError {
            throw problem(
                line: error.context.lineNumber, column: error.context.columnNumber,
                "not a Mustache template: \(error.error)")
        }
        if let found = TemplateTags.problem(in: text) {
            let before = text[..<found.place].split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            throw problem(line: before.count, column: (before.last?.count ?? 0) + 1, found.message)
        }
        form = PlainTemplate(text, escaping: escaping).map(Form.plain) ?? .mustache(template)
    }

    /// - Parameter value: what a name stands for; `nil` for an unknown one.
    /// - Throws: `RenderError` naming the first variable that has no value.
    func render(_ value: @escaping (String) -> String?) throws(RenderError) -> String {
        switch form {
        case .plain(let template): return try template.render(value)
        case .mustache(let template):
            let variables = TemplateVariables(value)
            let text = template.render(variables)
            if let missing = variables.missing { throw RenderError.missingVariable(missing) }
            return text
        }
    }

    private static func pragma(_ escaping: Escaping) -> String {
        switch escaping {
        case .none: return "{{% CONTENT_TYPE:TEXT}}"
        case .html:
            _ = HTMLEscaping.registered
            return "{{% CONTENT_TYPE:RAPPORT-HTML}}"
        case .json:
            _ = JSONEscaping.registered
            return "{{% CONTENT_TYPE:RAPPORT-JSON}}"
        }
    }
}
