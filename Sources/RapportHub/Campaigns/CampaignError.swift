package import RapportCore
package import RapportLog
import RapportYAML

/// Why a campaign can't do what it was asked. Sentences for people.
package enum CampaignError: Error, Sendable, CustomStringConvertible {
    case unknown(CampaignKey)
    case alreadyRan(CampaignKey, state: CampaignRecord.State)
    case wrongState(CampaignKey, state: CampaignRecord.State, wanted: String)
    case noAdapter(channel: Channel)
    case unknownAdapter(String, channel: Channel, known: [String])
    /// An adapter for what is none of the campaign's channels.
    case unusedAdapter(channel: String, used: [Channel])
    case unknownTopic(String, known: [String])
    case unreadableAudience(String)
    /// Planning goes on after it was cut off, and the file is not the one that it began with.
    case changedAudience(file: String)
    case unreadableDefinition(CampaignKey)

    package var description: String {
        switch self {
        case .unknown(let key): "there is no campaign ‘\(key)’"
        case .alreadyRan(let key, let state):
            "the campaign ‘\(key)’ was sent already and is \(state.rawValue); give it another occurrence to send it again"
        case .wrongState(let key, let state, let wanted):
            "the campaign ‘\(key)’ is \(state.rawValue), so it can't be \(wanted)"
        case .noAdapter(let channel): "no adapter in the configuration sends \(channel.rawValue)"
        case .unknownAdapter(let adapter, let channel, let known):
            "no adapter of the configuration that sends \(channel.rawValue) is called ‘\(adapter)’"
                + NearestWord.hint(for: adapter, among: known)
        case .unusedAdapter(let name, let used):
            "‘\(name)’ is none of the campaign's channels" + NearestWord.hint(for: name, among: used.map(\.rawValue))
        case .unknownTopic(let topic, let known):
            "the contact policy has no topic ‘\(topic)’" + NearestWord.hint(for: topic, among: known)
        case .unreadableDefinition(let key):
            "the stored definition of ‘\(key)’ can't be read: it was damaged or written by a newer version; "
                + "cancel it and send it again as another occurrence"
        case .unreadableAudience(let reason): "the audience can't be read: \(reason)"
        case .changedAudience(let file):
            "the audience's file ‘\(file)’ is not what it was when planning began; put it back as it was to go on, or "
                + "cancel the campaign and send it as another occurrence"
        }
    }
}
