package import RapportCore

/// What a customer asks of the hub itself: by keyword, key press, link or mail.
package enum CustomerRequest: Hashable, Sendable {
    /// STOP: suppresses the address the event came from.
    case stop(keyword: String)
    /// START: lifts what STOP did, and nothing else.
    case start(keyword: String)
    /// HELP: is answered with the adapter's help text.
    case help(keyword: String)
    /// Reads like a wish to be left alone: pauses marketing to the address and asks a person to look.
    case probableStop
    /// Denies a topic (`nil`: all) on a channel (`nil`: all); names the way it came: `list-unsubscribe`, `key-press`.
    case optOut(topic: String?, channel: Channel?, method: String)
    /// Grants a topic on a channel.
    case optIn(topic: String?, channel: Channel?, method: String)
    /// Rests all marketing until this instant; `nil` ends the rest.
    case pause(until: Timestamp?)
    /// Opens a follow-up of this kind (`callback`, `voicemail`, `missed-call`, or a business's own word).
    case followUp(kind: String, summary: String)
}
