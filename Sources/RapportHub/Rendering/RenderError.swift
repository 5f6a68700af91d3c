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
