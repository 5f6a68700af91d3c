import Mustache

/// What a template may name. Remembers the first name that has no value, because a message with a hole in it must not
/// leave; names used as sections (`{{#name}}`, `{{^name}}`) may be absent, since that is what sections ask.
final class TemplateVariables: MustacheParent {
    private let value: (String) -> String?
    private let optional: Set<String>
    /// The first name that was asked for and has no value.
    private(set) var missing: String?

    init(_ value: @escaping (String) -> String?, optional: Set<String>) {
        self.value = value
        self.optional = optional
    }

    func child(named name: String) -> Any? {
        if let value = value(name), !value.isEmpty { return value }
        if !optional.contains(name), missing == nil { missing = name }
        return nil
    }
}
