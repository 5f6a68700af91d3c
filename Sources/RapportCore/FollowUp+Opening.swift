extension FollowUp {
    /// What a customer waits for after this, if they ask for nothing else; `nil`: for nothing.
    package static func kind(after interaction: InteractionKind) -> String? {
        switch interaction {
        case .messageReceived: "message"
        case .callRecorded: "voicemail"
        case .callMissed: "missed-call"
        case .callCallbackRequested: "callback"
        default: nil
        }
    }

    /// The subject, or the beginning of the text, on one line.
    package static func summary(subject: String?, text: String?, after interaction: InteractionKind) -> String {
        let source = [subject, text].compactMap { $0 }.first { !$0.isEmpty } ?? interaction.rawValue
        let start = source.utf8.prefix(400)
        // Characters are told apart only where there may be any that are not letters of their own.
        if start.allSatisfy({ $0 < 0x80 }) {
            let words = start.split { $0 == UInt8(ascii: " ") || (0x09...0x0d).contains($0) }
            return String(decoding: Array(words.joined(separator: [UInt8(ascii: " ")])).prefix(120), as: UTF8.self)
        }
        let line = source.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(line.prefix(120))
    }
}
