/// A template of text and plain variables only (`{{name}}`, `{{{name}}}`, `{{&name}}`), as most of them are.
///
/// A campaign fills in its templates once for each recipient, and the library looks every variable up through
/// reflection: about 50 microseconds a part, more than everything else that happens to a message. What this reads means
/// exactly what it means to the library; everything else in a template is left to it.
struct PlainTemplate: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case variable(String, escaped: Bool)
    }

    private var pieces: [Piece] = []
    private let escaping: CompiledTemplate.Escaping
    /// Bytes of the text between the variables.
    private var length = 0

    /// `nil` when there is anything else in the template.
    init?(_ text: String, escaping: CompiledTemplate.Escaping) {
        self.escaping = escaping
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            append(rest[..<open.lowerBound])
            rest = rest[open.upperBound...]
            let triple = rest.first == "{"
            guard let close = rest.firstRange(of: triple ? "}}}" : "}}") else { return nil }
            var name = rest[..<close.lowerBound]
            let isRaw = triple || name.first == "&"
            if isRaw { name = name.dropFirst() }
            guard let variable = Self.variable(name) else { return nil }
            pieces.append(.variable(variable, escaped: !isRaw))
            rest = rest[close.upperBound...]
        }
        append(rest)
    }

    /// - Throws: `RenderError` naming the first variable that has no value.
    func render(_ value: (String) -> String?) throws(RenderError) -> String {
        var text = ""
        text.reserveCapacity(length + 32 * pieces.count)
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .variable(let name, let escaped):
                guard let value = value(name), !value.isEmpty else { throw .missingVariable(name) }
                text += escaped ? escaping.escape(value) : value
            }
        }
        return text
    }

    private mutating func append(_ text: Substring) {
        guard !text.isEmpty else { return }
        length += text.utf8.count
        pieces.append(.text(String(text)))
    }

    /// The name between the braces, spaces around it left out; `nil` for what is more than a name.
    private static func variable(_ text: Substring) -> String? {
        let start = text.drop { $0 == " " }
        guard let last = start.lastIndex(where: { $0 != " " }) else { return nil }
        let name = start[...last]
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
                true
            default: false
            }
        }
        return isPlain ? String(name) : nil
    }
}
