import RapportChannels

/// Where a call stands in its menu. It travels with the call, in the URL that the provider calls next or in the
/// `state` of the JSON form, so that any node of the hub can go on with it after any restart.
struct CallState: Hashable, Sendable {
    var node: String
    /// How many documents the call has been given: makes each step's source id its own.
    var step: Int
    /// How often this node has been said.
    var tries: Int
    /// Chosen by the caller in this call.
    var language: String?
    /// The hub met the caller by this call, so that to a menu they are unknown until it ends.
    var isFirstContact: Bool

    /// A call that goes round for longer than this is ended.
    static let stepLimit = 200

    /// `node=main&step=2&try=1&language=zh`
    var query: String {
        var fields: [(name: String, value: String)] = [
            ("node", node), ("step", String(step)), ("try", String(tries)),
        ]
        if let language { fields.append(("language", language)) }
        if isFirstContact { fields.append(("new", "1")) }
        return PercentCoding.encode(fields)
    }

    init(node: String, step: Int, tries: Int = 1, language: String? = nil, isFirstContact: Bool = false) {
        self.node = node
        self.step = step
        self.tries = tries
        self.language = language
        self.isFirstContact = isFirstContact
    }

    /// - Throws: `malformed` when it is not one of ours.
    init(query: String) throws(InboundRejection) {
        let fields = try FormFields(query: query)
        let node = try fields.required("node")
        guard let step = try fields.text("step").flatMap({ Int($0) }), (1...Self.stepLimit).contains(step),
            let tries = try fields.text("try").flatMap({ Int($0) }), (1...10).contains(tries)
        else { throw InboundRejection(.malformed, "query: expected the step and the try of a call") }
        self.init(
            node: node, step: step, tries: tries, language: try fields.filled("language"),
            isFirstContact: try fields.filled("new") == "1")
    }
}
