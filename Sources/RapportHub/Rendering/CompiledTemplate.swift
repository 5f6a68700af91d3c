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
        /// With the names that stand in sections and so may be absent.
        case mustache(MustacheTemplate, optional: Set<String>)
    }

    private let form: Form

    /// - Throws: `YAMLProblem` with the file's name and the line of the mistake.
    init(_ text: String, escaping: Escaping, file: String) throws {
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: Self.pragma(escaping) + text)
        } catch {
            throw YAMLProblem(file: file, line: 1, column: 1, message: "not a Mustache template: \(error)")
        }
        guard !text.contains("{{>"), !text.contains("{{<") else {
            throw YAMLProblem(file: file, line: 1, column: 1, message: "partials ({{>name}}) are not available here")
        }
        form =
            PlainTemplate(text, escaping: escaping).map(Form.plain)
            ?? .mustache(template, optional: Self.sections(in: text))
    }

    /// - Parameter value: what a name stands for; `nil` for an unknown one.
    /// - Throws: `RenderError` naming the first variable that has no value.
    func render(_ value: @escaping (String) -> String?) throws(RenderError) -> String {
        switch form {
        case .plain(let template): return try template.render(value)
        case .mustache(let template, let optional):
            let variables = TemplateVariables(value, optional: optional)
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

    private static func sections(in text: String) -> Set<String> {
        var names: Set<String> = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            rest = rest[open.upperBound...]
            guard let sign = rest.first, sign == "#" || sign == "^", let close = rest.firstRange(of: "}}") else {
                continue
            }
            let name = rest[rest.index(after: rest.startIndex)..<close.lowerBound]
            names.insert(
                String(name.split(separator: "(").last?.split(separator: ")").first ?? name).filter { $0 != " " })
        }
        return names
    }
}
