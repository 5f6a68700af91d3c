import RapportChannels
import RapportCore

extension KannelAdapter {
    /// A delivery report: `d` is the token that we put into the URL, `status` Kannel's bits.
    ///
    /// Each state of a message has its own source id, so that a repetition is found and a later state is not one. A
    /// token that is not ours leaves the event without a dispatch: it is logged and changes nothing. What a gateway quotes
    /// may be in any charset (`reply`, its own number) and is read as far as it goes, because a refused report is lost.
    func receipt(_ fields: FormFields) throws(InboundRejection) -> InboundEvent {
        let token = try Self.required("d", of: fields)
        let status = try Self.required("status", of: fields)
        let outcome = KannelStatus.outcome(status)
        let foreignID = try fields.legible("smsc")
        var event = InboundEvent(kind: KannelStatus.kind(of: outcome), channel: .sms)
        event.sourceID = "dlr:\(token):\(status):\(foreignID ?? "")"
        event.occurredAt = try Self.time(fields)
        // Kannel swaps the two for a report: its sender is the telephone that the message went to.
        event.from = try fields.legible("from")
        event.customerAddresses = event.from.map { [RawAddress(.tel, $0)] } ?? []
        event.to = try fields.legible("to")
        let sent = tokens.verify(token, purpose: .delivery)
        event.dispatch = sent.map { .dispatch($0.dispatch) }
        event.route = sent?.route
        event.delivery = DeliveryReport(outcome: outcome, code: status, diagnostic: try fields.legible("reply"))
        event.attributes["status"] = status
        event.attributes["smscID"] = foreignID
        return event
    }
}
