import RapportChannels

/// Writes a step of a menu as TwiML.
struct TwiML: Sendable {
    /// `https://hub.example.com/in/voice`
    let base: String

    /// `nil` is the empty document, which ends a call that is still there.
    func document(_ step: CallStep?) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\(step.map(verbs) ?? "")</Response>"
    }

    private func verbs(_ step: CallStep) -> String {
        let said = step.said.map(say).joined()
        let action = "\(base)/step?\(step.state.query)"
        switch step.then {
        case .hangUp: return said + "<Hangup/>"
        case .gather(let gather):
            var attributes = [
                ("input", gather.words.isEmpty ? "dtmf" : "dtmf speech"), ("action", action), ("method", "POST"),
                ("timeout", String(gather.timeout)), ("actionOnEmptyResult", "true"),
            ]
            if let digits = gather.digits {
                attributes += [("numDigits", String(digits)), ("finishOnKey", "")]
            } else {
                attributes.append(("finishOnKey", "#"))
            }
            if !gather.words.isEmpty {
                attributes.append(("hints", gather.words.keys.sorted().joined(separator: ",")))
                if let language = step.language { attributes.append(("language", TwilioLanguage.heard(language))) }
            }
            return element("Gather", attributes, content: said)
        case .record(let record):
            let attributes = [
                ("action", action), ("method", "POST"), ("maxLength", String(record.seconds)), ("finishOnKey", "#"),
                ("recordingStatusCallback", "\(base)/recording"),
            ]
            // When nothing was said, Twilio goes on with the next verb.
            return said + element("Record", attributes) + element("Redirect", [("method", "POST")], text: action)
        }
    }

    private func say(_ prompt: CallStep.Prompt) -> String {
        var attributes = [("language", TwilioLanguage.spoken(prompt.language))]
        if let voice = prompt.voice { attributes.append(("voice", voice)) }
        return element("Say", attributes, text: prompt.text)
    }

    private func element(_ name: String, _ attributes: [(String, String)], text: String) -> String {
        element(name, attributes, content: Self.escape(text))
    }

    private func element(_ name: String, _ attributes: [(String, String)], content: String = "") -> String {
        let head = attributes.map { " \($0.0)=\"\(Self.escape($0.1))\"" }.joined()
        return content.isEmpty ? "<\(name)\(head)/>" : "<\(name)\(head)>\(content)</\(name)>"
    }

    /// Characters that XML 1.0 does not allow are left out (section 2.2).
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": continue
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
