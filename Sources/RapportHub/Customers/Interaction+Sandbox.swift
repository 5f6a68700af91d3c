package import RapportCore

extension Interaction {
    /// What the sandbox says of itself; `nil` for everything real. Stands on every line that shows the interaction.
    package var sandboxNote: String? {
        if let own = attributes["sandbox"] { return "sandbox: \(own)" }
        return attributes["detail"].flatMap { $0.hasPrefix("sandbox:") ? $0 : nil }
    }
}
