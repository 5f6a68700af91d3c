import RapportChannels
import RapportCore

extension MailInterpreter {
    /// The events of a machine-readable report; `nil` when the mail is none.
    ///
    /// A report counts only as the mail's own: in a mail that a person forwards it is inside a message, and one that a
    /// person attaches says nothing of that person's mail.
    func report(_ mail: ParsedMail) -> [InboundEvent]? {
        guard let report = mail.report, isReport(mail) else { return nil }
        switch report.kind {
        case .deliveryStatus:
            let notices = DeliveryStatusReader.notices(report, limit: limits.reportRecipients)
            return notices.isEmpty
                ? nil : delivery(notices, mail, returned: mail.enclosed, fields: report.groups.joined())
        case .feedback: return feedback(report, mail)
        case .dispositionNotification: return disposition(report, mail)
        }
    }

    /// Whether a mail that has a report is one: as a whole (RFC 6522, section 3), or because a server sent it, as some
    /// put their reports into mails of another form.
    private func isReport(_ mail: ParsedMail) -> Bool {
        mail.mediaType == "multipart/report" || mail.mediaType.hasPrefix("message/") || isFromServer(mail)
    }

    private func isFromServer(_ mail: ParsedMail) -> Bool {
        mail.envelope.sender?.isEmpty == true || hasServerName(mail)
    }

    private func hasServerName(_ mail: ParsedMail) -> Bool {
        Self.serverNames.contains(localPart(mail))
    }

    private func localPart(_ mail: ParsedMail) -> String {
        mail.from.first.map { String($0.address.lowercased().prefix { $0 != "@" }) } ?? ""
    }

    /// The events of a bounce that is written for people only; `nil` when the mail is none.
    ///
    /// It has to come from where bounces come from (an empty return path, a postmaster, to our own return path, or with
    /// our message inside) and to say that something could not be delivered. A mail that answers ours comes there, too,
    /// and may say such a thing of something else: it counts when it names who was not reached, returns a message, or
    /// has a server's name on it.
    func notice(_ mail: ParsedMail) -> [InboundEvent]? {
        let failed = failedRecipients(mail)
        if AutomaticMail.isAnswer(mail), failed.isEmpty, mail.enclosed.isEmpty, !hasServerName(mail) { return nil }
        let isExpected = isFromServer(mail) || destinations(mail).contains { identity.dispatch(returnedTo: $0) != nil }
        guard !failed.isEmpty || isExpected || !mail.enclosed.isEmpty && localPart(mail).contains("reply") else {
            return nil
        }
        guard let text = mail.text, let failure = FailureText(text, subject: mail.subject ?? "") else { return nil }
        let returned = mail.enclosed.isEmpty ? failure.returned : mail.enclosed
        var notices = failure.notices(known: failed, own: destinations(mail), limit: limits.reportRecipients)
        if notices.isEmpty { notices = answeredRecipient(mail, failure, returned) }
        guard !notices.isEmpty else { return nil }
        let answered = (mail.inReplyTo + mail.references.reversed()).map { MailField("message-id", $0) }
        return delivery(notices, mail, returned: returned, fields: answered)
    }

    /// The recipients that the header names, up to the limit.
    private func failedRecipients(_ mail: ParsedMail) -> [String] {
        var failed: [String] = []
        for field in mail.fields where field.name == "x-failed-recipients" {
            let room = limits.reportRecipients - failed.count
            guard room > 0 else { break }
            // What is left behind the last that has room stands in the split's last piece.
            let words = field.value.split(maxSplits: room) { $0 == "," || $0.isWhitespace }
            failed += words.prefix(room).map { String($0) }
        }
        return failed
    }

    /// A notice that names nobody is about the recipient of the message that it returns.
    private func answeredRecipient(
        _ mail: ParsedMail, _ failure: FailureText, _ returned: [MailField]
    ) -> [DeliveryNotice] {
        guard let to = returned.first("to").map(DeliveryStatusReader.address), to.contains("@") else { return [] }
        return [
            DeliveryNotice(
                recipient: to, action: .failed, code: FailureCodes.first(in: failure.notice),
                diagnostic: String(failure.notice.prefix(1000)))
        ]
    }

    private static let serverNames: Set<String> = ["mailer-daemon", "postmaster", "maildaemon", "mail-daemon"]

    private func delivery(
        _ notices: [DeliveryNotice], _ mail: ParsedMail, returned: [MailField], fields: some Sequence<MailField>
    ) -> [InboundEvent] {
        let named = dispatch(of: mail, returned: returned, fields: fields)
        return notices.map { notice in
            let (kind, outcome) = Self.meaning(notice.action)
            var event = base(kind, mail)
            event.customerAddresses = [RawAddress(.mailto, notice.recipient)]
            event.dispatch = named.map { .dispatch($0.id) }
            event.route = named?.route
            event.delivery = DeliveryReport(
                outcome: outcome, addressIsBad: notice.addressIsBad, code: notice.code, diagnostic: notice.diagnostic,
                isProven: named?.isProven ?? true)
            event.attributes["known-by"] = named?.knownBy
            event.attributes["original-recipient"] = notice.original
            return event
        }
    }

    private static func meaning(_ action: DeliveryNotice.Action?) -> (InteractionKind, DeliveryReport.Outcome) {
        switch action {
        case .failed: (.deliveryBounced, .bounced)
        case .delayed: (.deliveryDeferred, .deferred)
        case .delivered, .expanded: (.deliveryDelivered, .delivered)
        case .relayed: (.deliveryAccepted, .accepted)
        case nil: (.unknown, .unknown)
        }
    }

    /// A report of what a recipient pressed (RFC 5965). Only `abuse` and its like are complaints.
    ///
    /// Providers send them to an address that was given to them, so what proves them stands in the header that they
    /// return. One with a Message-ID alone is at least a wish to leave, which does little harm if somebody made it up.
    private func feedback(_ report: MailReport, _ mail: ParsedMail) -> [InboundEvent] {
        let fields = report.groups.flatMap { $0 }
        let type = fields.first("feedback-type")?.lowercased() ?? ""
        var recipients = (fields.all("original-rcpt-to") + fields.all("removal-recipient"))
            .map(DeliveryStatusReader.address)
        if recipients.isEmpty { recipients = mail.enclosed.all("to").map(DeliveryStatusReader.address) }
        recipients = Array(recipients.filter { $0.contains("@") }.prefix(limits.reportRecipients))
        let named = dispatch(of: mail, returned: mail.enclosed, fields: fields)
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "feedback-report")
        return (recipients.isEmpty ? [nil] : recipients.map(Optional.some)).map { recipient in
            var event = base(.unknown, mail)
            event.customerAddresses = recipient.map { [RawAddress(.mailto, $0)] } ?? []
            event.dispatch = named.map { .dispatch($0.id) }
            event.route = named?.route
            event.attributes["feedback-type"] = String(type.prefix(40))
            event.attributes["known-by"] = named?.knownBy
            switch type {
            case "abuse", "fraud", "virus", "other", "complaint":
                event.kind = .complaintReceived
                event.delivery = DeliveryReport(
                    outcome: .complained, code: type, isProven: named?.isProven ?? true)
                if let named, !named.isProven {
                    event.isReported = true
                    event.requests = [optOut]
                }
            case "opt-out", "opt-out-list":
                event.kind = .messageAutoReply
                event.isReported = true
                // Without a token of ours it is anybody's word.
                guard named != nil else { break }
                event.requests = [optOut]
            default: break
            }
            return event
        }
    }

    /// A receipt of the recipient's mail program (RFC 8098). Only `displayed` says that somebody looked.
    private func disposition(_ report: MailReport, _ mail: ParsedMail) -> [InboundEvent] {
        let fields = report.groups.flatMap { $0 }
        let word = fields.first("disposition")?.lowercased().split(separator: ";").last?.trimmingBlanks ?? ""
        var event = base(word.hasPrefix("displayed") ? .messageRead : .unknown, mail)
        let recipient = fields.first("final-recipient").map(DeliveryStatusReader.address) ?? author(mail)
        event.customerAddresses = recipient.map { [RawAddress(.mailto, $0)] } ?? []
        event.dispatch = dispatch(of: mail, returned: mail.enclosed, fields: fields).map { .dispatch($0.id) }
        event.attributes["disposition"] = String(word.prefix(80))
        return [event]
    }

    /// The message of ours that a report is about.
    private struct NamedDispatch {
        var id: DispatchID
        /// Over which of its routes that went which the report is about; `nil`: it doesn't tell.
        var route: Int?
        /// Whether by something that only the recipient's server has seen. Without return paths of their own there is
        /// nothing better than the Message-ID.
        var isProven: Bool

        /// For the log, where a report has no effect for want of a proof.
        var knownBy: String? { isProven ? nil : "message-id" }
    }

    /// By the return path that it came to, or that it (RFC 5965, section 3.2) or the returned header names, or by the
    /// unsubscribe mailbox there; else by the Message-ID that the report or the returned header names, and not by what the
    /// mail around a report answers, which may be something else.
    private func dispatch(
        of mail: ParsedMail, returned: [MailField], fields: some Sequence<MailField>
    ) -> NamedDispatch? {
        let told = fields.filter { $0.name == "original-mail-from" }.map(\.value) + returned.all("return-path")
        let paths = destinations(mail) + told.map(DeliveryStatusReader.address)
        if let proven = paths.lazy.compactMap({ identity.sent(returnedTo: $0) }).first
            ?? returned.all("list-unsubscribe").lazy.compactMap({ identity.sent(unsubscribing: $0) }).first
        {
            return NamedDispatch(id: proven.dispatch, route: proven.route, isProven: true)
        }
        let named = fields.filter { Self.messageIDFields.contains($0.name) }.map(\.value)
        let ids = returned.all("message-id") + named
        return ids.lazy.compactMap { identity.dispatch(messageID: $0) }.first
            .map { NamedDispatch(id: $0, isProven: !identity.hasReturnPaths) }
    }

    private static let messageIDFields: Set<String> = [
        "original-message-id", "x-original-message-id", "message-id", "x-message-id",
    ]
}
