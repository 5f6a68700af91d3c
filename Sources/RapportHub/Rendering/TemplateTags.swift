/// Looks for tags that would leave a hole in a message: the library fills in nothing for what it does not know.
enum TemplateTags {
    /// What the library can do with a text (`{{uppercased(name)}}`).
    private static let functions: Set<Substring> = ["capitalized", "lowercased", "uppercased", "reversed", "empty"]

    /// The first that can't be filled in here, by where its tag begins.
    ///
    /// - Parameter text: a template that the library can read.
    static func problem(in text: String) -> (place: String.Index, message: String)? {
        var rest = Substring(text)
        var sections = 0
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
                if let message = problem(with: name, isInSection: sections > 0) { return (open.lowerBound, message) }
            }
            if sign == "#" || sign == "^" { sections += 1 }
            if sign == "/" { sections -= 1 }
            rest = rest[close.upperBound...]
        }
        return nil
    }

    private static func problem(with tag: Substring, isInSection: Bool) -> String? {
        var name = tag.filter { !$0.isWhitespace }[...]
        while let bracket = name.firstIndex(of: "(") {
            let function = name[..<bracket]
            guard functions.contains(function) else {
                return "‘\(function)’ is no function; there are \(functions.sorted().joined(separator: ", "))"
            }
            name = name[name.index(after: bracket)...]
            if name.last == ")" { name.removeLast() }
        }
        guard name.contains(".") else { return nil }
        if name == ".", isInSection { return nil }
        return "‘\(name)’ has parts, and nothing that can be filled in here has any"
    }
}
