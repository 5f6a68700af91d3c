import ArgumentParser
import RapportCore

/// A channel that a message can leave through, as an option's value.
struct OutboundChannel: ExpressibleByArgument, Hashable {
    let channel: Channel

    init?(argument: String) {
        guard let channel = Channel.outbound.first(where: { $0.rawValue == argument }) else { return nil }
        self.channel = channel
    }

    static var allValueStrings: [String] { Channel.outbound.map(\.rawValue) }
}

/// What a single message is for; marketing goes through campaigns, where its audience can be seen before it goes.
enum SingleMessageClass: String, ExpressibleByArgument, CaseIterable {
    case transactional
    case service

    var messageClass: MessageClass {
        switch self {
        case .transactional: .transactional
        case .service: .service
        }
    }
}
