/// Looks for tags that would leave a hole in a message: the library fills in nothing for what it does not know.
enum TemplateTags {
    /// What the library can do with a text (`{{uppercased(name)}}`). Its `empty` is left out: what has no value is given
    /// to no function, and what has one is not empty.
    private static let functions: Set<Substring> = ["capitalized", "lowercased", "uppercased", "reversed"]

    /// The first that can't be filled in here, by where its tag begins.
    ///
    /// - Parameter text: a template that the library can read.
    static func problem(in text: String) -> (place: String.Index, message: String)? {
        var rest = Substring(text)
        // Of each section around the tag, whether `.` is its value: an inverted one has none, and the library would give
        // what stands around it.
        var sections: [Bool] = []
        while let open = rest.firstRange(of: "{{") {
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else { return nil }
            var name = rest[..<close.lowerBound]
            let sign = name.first
            if let sign, "#^/&{".contains(sign) { name = name.dropFirst() }
            switch sign {
            case "!", "%", "$": break
            case ">", "<": return (open.lowerBound, "partials ({{>name}}) are not available here")
            case "=": return (open.lowerBound, "other delimiters ({{=<% %>=}}) are not available here")
            default:
                let mayBeDot = sections.last == true && sign != "#" && sign != "^"
                if sign != "/", let message = problem(with: name, mayBeDot: mayBeDot) {
                    return (open.lowerBound, message)
                }
            }
            if sign == "#" || sign == "^" { sections.append(sign == "#") }
            if sign == "/" { _ = sections.popLast() }
            rest = rest[close.upperBound...]
        }
        return nil
    }

    /// - Parameter mayBeDot: whether `.` stands for a value here. The tag of a section names what it asks for.
    private static func problem(with tag: Substring, mayBeDot: Bool) -> String? {
        var name = tag.filter { !$0.isWhitespace }[...]
        while let bracket = name.firstIndex(of: "(") {
            let function = name[..<bracket]
            guard functions.contains(function) else {
                return "‘\(function)’ is no function; there are \(functions.sorted().joined(separator: ", "))"
            }
            name = name[name.index(after: bracket)...]
            if name.last == ")" { name.removeLast() }
        }
        if name.isEmpty { return "a name is missing here" }
        guard name.contains(".") else { return nil }
        if name == "." {
            return mayBeDot ? nil : "‘.’ stands for the value of the {{#name}} directly around it; there is none here"
        }
        return "‘\(name)’ has parts, and nothing that can be filled in here has any"
    }
}
