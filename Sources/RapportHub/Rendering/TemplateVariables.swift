import Mustache

/// What a template may name. Remembers the first name that has no value, because a message with a hole in it must not
/// leave; what a section asks for (`{{#name}}`, `{{^name}}`) may be absent.
final class TemplateVariables: MustacheParent {
    private let value: (String) -> String?
    /// The first name that was asked for and has no value.
    private(set) var missing: String?

    init(_ value: @escaping (String) -> String?) {
        self.value = value
    }

    func child(named name: String) -> Any? {
        let asked = SectionNames.asked(by: name)
        if let value = value(asked ?? name), !value.isEmpty { return value }
        if asked == nil, missing == nil { missing = name }
        return nil
    }
}
