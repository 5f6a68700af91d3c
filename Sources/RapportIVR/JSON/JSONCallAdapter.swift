package import RapportChannels
import RapportCore

/// Calls of any telephone exchange as plain JSON, one event in each request, answered with the menu's next step.
///
/// ```json
/// {"event": "digits", "call": "7f3a", "from": "+493012345", "to": "+49800555", "digits": "1",
///  "state": "node=main&step=1&try=1"}
/// ```
/// `event` is one of `started`, `answered`, `digits`, `speech`, `recorded`, `completed`, `missed`; `id` is the
/// exchange's own id of the event (`null`: made of call, event and step); `direction` is `inbound` or `outbound`;
/// `time` is RFC 3339; `state` comes back from the last answer, which looks like this:
/// ```json
/// {"say": [{"language": "en", "text": "Press 1."}], "then": "gather", "digits": 1, "timeout": 5,
///  "keys": ["1"], "state": "node=main&step=1&try=1"}
/// ```
package struct JSONCallAdapter: InboundAdapter {
    package let name: String
    package let region: String?
    package let bodyLimit = 64 << 10

    private let scheme: SignatureScheme
    private let handling: CallHandling

    /// - Parameters:
    ///   - scheme: a bearer token or a body signature.
    ///   - menu: `nil`: calls are logged, and the answer is to hang up.
    package init(name: String, scheme: SignatureScheme, menu: Menu?, region: String? = nil) {
        self.name = name
        self.scheme = scheme
        self.region = region
        handling = CallHandling(flow: menu.map { CallFlow(menu: $0) })
    }

    package func admit(_ head: InboundRequest) throws(InboundRejection) {
        try scheme.admit(head)
    }

    package func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        guard request.body.count <= bodyLimit else { throw InboundRejection(.tooLarge) }
        try scheme.verify(request)
        guard request.method == "POST" else { throw InboundRejection(.method) }
        let report = try JSONCallEvent(JSONReader.read(request.body)).report()
        let payload = Interaction.Payload(type: "application/json", bytes: request.body)
        return handling.result(of: report, payload: payload) { step in
            InboundReply(body: JSONCallStep.body(step))
        }
    }
}
