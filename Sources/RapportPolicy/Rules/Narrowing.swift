import RapportCore

/// Which requests a rule is about; for `cap` and `gap` also which dispatches it counts.
///
/// A class, so that asking a rule for its own copies nothing.
final class Narrowing: Sendable {
    private let classes: UInt8
    private let channels: UInt8
    /// Indices of the policy's topics; `nil`: every topic, also one that the policy doesn't know.
    private let topics: [Int]?
    /// Why a rule passes a request that it isn't about.
    let exclusion: String

    /// - Parameters:
    ///   - channels: `nil` means every channel.
    ///   - topics: indices of the policy's topics; `nil` means every topic.
    init(classes: [MessageClass], channels: [Channel]? = nil, topics: [Int]? = nil) {
        self.classes = classes.reduce(0) { $0 | $1.bit }
        self.channels = channels?.reduce(0) { $0 | $1.bit } ?? .max
        self.topics = topics
        let words = [classes.map(\.rawValue)] + (channels.map { [$0.map(\.rawValue)] } ?? [])
        let topicsText = topics == nil ? "" : ", some topics"
        exclusion = "only " + words.map { $0.joined(separator: "/") }.joined(separator: ", ") + topicsText
    }

    static let everything = Narrowing(classes: MessageClass.allCases)
    static let marketing = Narrowing(classes: [.marketing])

    func includes(_ situation: Situation) -> Bool {
        includes(situation.classBit, situation.channelBit, situation.topicIndex)
    }

    func includes(_ dispatch: DispatchTrace) -> Bool {
        includes(dispatch.classBit, dispatch.channelBit, dispatch.topicIndex)
    }

    var namesTopics: Bool { topics != nil }

    private func includes(_ classBit: UInt8, _ channelBit: UInt8, _ topicIndex: Int) -> Bool {
        guard classes & classBit != 0, channels & channelBit != 0 else { return false }
        return topics?.contains(topicIndex) ?? true
    }
}

extension MessageClass {
    var bit: UInt8 {
        switch self {
        case .marketing: 1
        case .service: 2
        case .transactional: 4
        }
    }
}

extension Channel {
    var bit: UInt8 {
        switch self {
        case .email: 1
        case .sms: 2
        case .webhook: 4
        case .ivr: 8
        case .web: 16
        case .desk: 32
        }
    }
}
