package import RapportChannels
package import RapportCore

/// SMS through a Kannel gateway (kannel.org, user guide 1.4.5, chapters 6 and 7), out by `sendsms`, in by callbacks.
///
/// `/in/NAME/SECRET/mo` takes incoming messages, `/in/NAME/SECRET/dlr` delivery reports; see `KannelConfiguration` for
/// the other side's settings. Kannel calls with GET.
package struct KannelAdapter: InboundAdapter, OutboundAdapter {
    package let name: String
    package let channel = Channel.sms

    let configuration: KannelConfiguration
    let tokens: DispatchTokens
    let http: any HTTPCalling

    package init(
        name: String, configuration: KannelConfiguration, tokens: DispatchTokens, http: any HTTPCalling
    ) {
        self.name = name
        self.configuration = configuration
        self.tokens = tokens
        self.http = http
    }

    package var window: Int { configuration.window }
    package var region: String? { configuration.region }

    package func admit(_ head: InboundRequest) throws(InboundRejection) {
        _ = try configuration.callbackTokens.verify(head)
    }

    package func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        let rest = try configuration.callbackTokens.verify(request)
        guard request.method == "GET" || request.method == "POST" else { throw InboundRejection(.method) }
        let event: InboundEvent
        switch rest {
        case "/mo": event = try message(FormFields(query: request.query))
        case "/dlr": event = try receipt(FormFields(query: request.query))
        default: throw InboundRejection(.path)
        }
        var kept = event
        kept.payload = Interaction.Payload(
            type: "application/x-www-form-urlencoded", bytes: Array(request.query.utf8))
        // The body of an answer to an incoming message would be sent to the customer.
        return InboundResult(events: [kept]) { _ in InboundReply(contentType: "text/plain", body: "") }
    }
}
