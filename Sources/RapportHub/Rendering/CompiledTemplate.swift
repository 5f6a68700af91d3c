import Mustache
import RapportYAML

/// A template that is ready to be filled in.
struct CompiledTemplate: Sendable {
    enum Escaping: Hashable, Sendable { case none, html, json }

    private let template: MustacheTemplate
    /// Names that stand in sections and so may be absent.
    private let optional: Set<String>

    /// - Throws: `YAMLProblem` with the file's name and the line of the mistake.
    init(_ text: String, escaping: Escaping, file: String) throws {
        do {
            template = try MustacheTemplate(string: Self.pragma(escaping) + text)
        } catch {
            throw YAMLProblem(file: file, line: 1, column: 1, message: "not a Mustache template: \(error)")
        }
        guard !text.contains("{{>"), !text.contains("{{<") else {
            throw YAMLProblem(file: file, line: 1, column: 1, message: "partials ({{>name}}) are not available here")
        }
        optional = Self.sections(in: text)
    }

    /// - Throws: `RenderError` naming the first variable that has no value.
    func render(_ values: [String: String]) throws(RenderError) -> String {
        let variables = TemplateVariables(values, optional: optional)
        let text = template.render(variables)
        if let missing = variables.missing { throw RenderError.missingVariable(missing) }
        return text
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

/// Why a message can't be made for one recipient.
package enum RenderError: Error, Hashable, Sendable, CustomStringConvertible {
    case missingVariable(String)
    /// The campaign has no template for this channel.
    case noTemplate(String)
    /// What was stored can't be read back.
    case damaged

    package var description: String {
        switch self {
        case .missingVariable(let name): "the variable ‘\(name)’ has no value"
        case .noTemplate(let channel): "there is no template for \(channel)"
        case .damaged: "the stored content can't be read"
        }
    }
}

/// Escapes text for the inside of a JSON string (RFC 8259, section 7).
private struct JSONEscaping: MustacheContentType {
    static let registered: Bool = {
        MustacheContentTypes.register(JSONEscaping(), named: "RAPPORT-JSON")
        return true
    }()

    func escapeText(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
