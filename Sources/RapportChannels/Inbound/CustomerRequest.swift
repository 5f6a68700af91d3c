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
    /// Through a link that was sent to an address it holds there too, whoever has the address by now (`holder`), and there
    /// alone when nobody can tell whose wish it is (`isOfHolderAlone`).
    case optOut(
        topic: String?, channel: Channel?, method: String, holder: Address? = nil, isOfHolderAlone: Bool = false)
    /// Grants a topic (`nil`: all) on a channel (`nil`: all).
    case optIn(topic: String?, channel: Channel?, method: String, confirmation: ConfirmationSource = .missing)
    /// Confirms at one address what was granted before: the second half of a double opt-in.
    case confirm(topic: String, channel: Channel, address: Address, method: String)
    /// Rests all marketing until this instant; `nil` ends the rest.
    case pause(until: Timestamp?)
    /// Opens a follow-up of this kind (`callback`, `voicemail`, `missed-call`, or a business's own word).
    case followUp(kind: String, summary: String)
}

/// What shows that whoever says yes holds the address: only such a yes counts where a topic asks for a double opt-in.
package enum ConfirmationSource: Hashable, Sendable {
    /// Nothing does. Anybody can type an address into a form, or into the `From:` of a mail.
    case missing
    /// The event came from the address itself, and its provider vouches for that: a call, a text.
    case sender
    /// It came through a link that was sent to this address and to no other.
    case holder(Address)
    /// Somebody answers for it: a signed form, a confirmation that another system keeps. Holds for the addresses that the
    /// customer has now; one that is added later has to be confirmed by itself.
    case vouched
}
