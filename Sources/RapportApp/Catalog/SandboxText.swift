import Foundation
import RapportChannels
import RapportCore

/// What the sandbox writes for messages that are no mails.
enum SandboxText {
    static func json(of message: OutboundMessage) -> [UInt8] {
        var fields: [String: String] = [
            "sandbox": "written, not sent", "dispatch": message.dispatch.description,
            "channel": message.channel.rawValue, "to": message.to.deliverable, "class": message.messageClass.rawValue,
            "topic": message.topic,
        ]
        fields["campaign"] = message.campaign
        switch message.content {
        case .text(let text): fields["text"] = text
        case .event(_, let json): fields["event"] = json
        case .email(let content): fields["text"] = content.text
        }
        let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .prettyPrinted])
        return data.map { [UInt8]($0) + [10] } ?? []
    }
}
