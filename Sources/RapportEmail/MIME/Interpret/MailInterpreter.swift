import Crypto
package import RapportChannels
import RapportCore

/// Says what a mail means to the hub: a message, an automatic answer, a bounce, a complaint, a receipt. Pure.
///
/// A dispatch is named only by a token of ours that holds (`MailIdentity`). Anybody can write a report, so one without
/// such a token has no `dispatch`, and whether its word on an address is taken is the intake's to decide.
package struct MailInterpreter: Sendable {
    let identity: MailIdentity
    private let parser: MailParser

    /// They bound what is made of a mail as well as what is read of it.
    var limits: MailLimits { parser.limits }

    package init(identity: MailIdentity, limits: MailLimits = MailLimits()) {
        self.identity = identity
        parser = MailParser(limits: limits)
    }

    /// Never empty and never fails: what is no mail at all becomes one `unparsed` event with the bytes.
    ///
    /// The raw bytes are the payload (`message/rfc822`) of the first event only. Their digest is the source id of a
    /// report of several recipients without a Message-ID; any other mail without one is known again by its payload. Of
    /// a report that names more than `MailLimits.reportRecipients` the first ones are told of, and the payload has the
    /// rest.
    package func events(_ bytes: [UInt8], envelope: MailEnvelope = MailEnvelope()) -> [InboundEvent] {
        let payload = Interaction.Payload(type: "message/rfc822", bytes: bytes)
        guard let mail = parser.parse(bytes, envelope: envelope) else {
            var event = InboundEvent(kind: .unparsed, channel: .email, payload: payload)
            if let sender = envelope.sender, !sender.isEmpty {
                event.customerAddresses = [RawAddress(.mailto, sender)]
                event.from = sender
            }
            event.to = envelope.recipients.first
            return [event]
        }
        var events = interpret(mail)
        if events.count > 1, mail.messageID == nil {
            let digest = SHA256.hash(data: bytes).hexadecimal
            for index in events.indices { events[index].sourceID = "sha256:\(digest)/\(index)" }
        }
        events[0].payload = payload
        return events
    }

    /// What a parsed mail means: one event for each recipient that a report names, up to the limit, one for everything
    /// else.
    package func interpret(_ mail: ParsedMail) -> [InboundEvent] {
        var events = report(mail) ?? notice(mail) ?? []
        if events.isEmpty { events = [message(mail)] }
        for index in events.indices {
            events[index].sourceID = sourceID(mail, index: index)
        }
        return events
    }

    /// A mail repeats when its Message-ID and its body do: servers change headers on the way, and some programs give
    /// one Message-ID to many mails.
    private func sourceID(_ mail: ParsedMail, index: Int) -> String? {
        mail.messageID.map { "\($0)#\(mail.bodyDigest)" + (index == 0 ? "" : "/\(index)") }
    }

    /// What all events of a mail share.
    func base(_ kind: InteractionKind, _ mail: ParsedMail) -> InboundEvent {
        InboundEvent(
            kind: kind, channel: .email, occurredAt: mail.date, from: author(mail),
            to: mail.envelope.recipients.first ?? mail.to.first?.address, subject: mail.subject)
    }

    func author(_ mail: ParsedMail) -> String? {
        (mail.from + mail.sender + mail.replyTo).first?.address
            ?? mail.envelope.sender.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Every mailbox that the mail came to, as far as it tells.
    func destinations(_ mail: ParsedMail) -> [String] {
        mail.envelope.recipients + ["delivered-to", "x-original-to", "envelope-to"].flatMap(mail.fields.all)
            + (mail.to + mail.cc).map(\.address)
    }
}
