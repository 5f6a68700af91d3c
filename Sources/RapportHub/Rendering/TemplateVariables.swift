import Mustache
import Synchronization

/// What a template may name. Remembers the first name that has no value, because a message with a hole in it must not
/// leave; names used as sections (`{{#name}}`, `{{^name}}`) may be absent, since that is what sections ask.
final class TemplateVariables: MustacheParent {
    private let values: [String: String]
    private let optional: Set<String>
    /// The first name that was asked for and has no value.
    private(set) var missing: String?

    init(_ values: [String: String], optional: Set<String>) {
        self.values = values
        self.optional = optional
    }

    func child(named name: String) -> Any? {
        if let value = values[name], !value.isEmpty { return value }
        if !optional.contains(name), missing == nil { missing = name }
        return nil
    }
}
