/// Tells the tags of sections (`{{#name}}`, `{{^name}}`, `{{/name}}`) apart from plain variables of the same name.
///
/// The library asks for both in the same words, but only a section may ask for what is absent: that is what sections are
/// for. `Dear {{name}}` has a hole without a name, also where a section further down asks for it.
enum SectionNames {
    /// Stands behind the name in a section's tag. The library takes these letters in a name; no column is called so.
    private static let mark = "?*"

    /// The template with the mark in every tag of a section.
    static func marked(in text: String) -> String {
        var marked = ""
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            marked += rest[..<open.upperBound]
            rest = rest[open.upperBound...]
            guard let sign = rest.first, "#^/".contains(sign), let close = rest.firstRange(of: "}}") else { continue }
            let tag = rest[..<close.lowerBound]
            // `{{#lowercased(name)}}` names what is within the brackets; blanks may stand before the end.
            let end =
                tag.firstIndex(of: ")") ?? tag.lastIndex { !$0.isWhitespace }.map(tag.index(after:)) ?? tag.endIndex
            marked += tag[..<end] + mark + tag[end...]
            rest = rest[close.lowerBound...]
        }
        return marked + rest
    }

    /// The name that a section asks for; `nil` for that of a plain variable.
    static func asked(by name: String) -> String? {
        name.hasSuffix(mark) ? String(name.dropLast(mark.count)) : nil
    }
}
