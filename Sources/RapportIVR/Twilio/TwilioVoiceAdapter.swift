package import RapportChannels
import RapportCore

/// Voice webhooks of Twilio (twilio.com/docs/voice/twiml), answered with TwiML from a menu.
///
/// In Twilio's console, the number's voice URL is `https://HUB/in/NAME` and its status callback
/// `https://HUB/in/NAME/status`, both by POST. The steps of a menu call `/in/NAME/step?…`, recordings
/// `/in/NAME/recording`.
package struct TwilioVoiceAdapter: InboundAdapter {
    package let name: String
    package let region: String?
    package let bodyLimit = 64 << 10

    private let signature: TwilioSignature
    private let publicURL: String
    private let handling: CallHandling

    /// - Parameters:
    ///   - publicURL: of the hub, without a slash at the end; the steps' URLs begin with it.
    ///   - menu: `nil`: calls are logged and end at once.
    package init(
        name: String, signature: TwilioSignature, publicURL: String, menu: Menu?, region: String? = nil
    ) {
        self.name = name
        self.signature = signature
        self.publicURL = publicURL
        self.region = region
        handling = CallHandling(flow: menu.map { CallFlow(menu: $0) })
    }

    package func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        guard request.body.count <= bodyLimit else { throw InboundRejection(.tooLarge) }
        try signature.verify(request)
        guard request.method == "POST" else { throw InboundRejection(.method) }
        let form = TwilioVoiceForm(try FormFields(request.body, place: "form"))
        var report: CallReport
        switch request.path {
        case "", "/": report = try form.report(form.call())
        case "/step": report = try form.report(form.step(CallState(query: request.query)))
        case "/status":
            report = try form.report(form.status())
            // Nobody listens to the answer of a status callback.
            report.isOver = true
        case "/recording": report = try form.report(form.recording())
        default: throw InboundRejection(.path)
        }
        let told = report
        let writer = TwiML(base: "\(publicURL)/in/\(PercentCoding.encode(name))")
        let payload = Interaction.Payload(type: "application/x-www-form-urlencoded", bytes: request.body)
        return handling.result(of: told, payload: payload) { step in
            InboundReply(contentType: "text/xml; charset=utf-8", body: writer.document(step))
        }
    }
}
