import RapportChannels
import RapportCore

/// Reads one event of `JSONCallAdapter`. Members that it does not know are kept in the payload only.
struct JSONCallEvent {
    private let json: JSONValue

    init(_ json: JSONValue) throws(InboundRejection) {
        guard case .object = json else { throw InboundRejection(.malformed, "the whole: expected an object") }
        self.json = json
    }

    /// The member as text, cut to what a field may hold; `nil` when it is missing, null or empty.
    private func text(_ name: String) throws(InboundRejection) -> String? {
        guard let value = json[name], !value.isNull else { return nil }
        guard let text = value.scalarText else {
            throw InboundRejection(.malformed, "/\(name): expected a plain value")
        }
        return text.isEmpty ? nil : String(text.prefix(2000))
    }

    private func required(_ name: String) throws(InboundRejection) -> String {
        guard let text = try text(name) else { throw InboundRejection(.malformed, "/\(name): expected a text") }
        return text
    }

    func report() throws(InboundRejection) -> CallReport {
        let call = try required("call")
        let word = try required("event")
        let moment = try moment(word)
        let direction: Direction = try text("direction") == "outbound" ? .outbound : .inbound
        let from = try text("from")
        let to = try text("to")
        var distinction = try text("id")
        if moment == .unknown { distinction = distinction ?? "event:\(word.prefix(40))" }
        var attributes: [String: String] = ["event": word]
        attributes["called"] = to
        for name in ["country", "queue", "agent", "duration", "status"] { attributes[name] = try text(name) }
        let customer = direction == .outbound ? to : from
        return CallReport(
            call: call, moment: moment, distinction: distinction, direction: direction, from: from, to: to,
            customer: customer.flatMap { WithheldNumber.contains($0) ? nil : RawAddress(guessing: $0) },
            occurredAt: try time(), attributes: attributes, isOver: moment == .completed || moment == .missed)
    }

    private func time() throws(InboundRejection) -> Timestamp? {
        guard let text = try text("time") else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw InboundRejection(.malformed, "/time: expected an instant such as 2026-03-28T22:30:00Z")
        }
        return time
    }

    private func moment(_ word: String) throws(InboundRejection) -> CallReport.Moment {
        switch word {
        case "started": return .started
        case "answered": return .answered
        case "completed": return .completed
        case "missed": return .missed
        case "digits": return .input(try text("digits").map { .digits($0) } ?? .nothing, try state())
        case "speech": return .input(try text("text").map { .speech($0) } ?? .nothing, try state())
        case "recorded":
            let url = try required("recording")
            let seconds = try text("duration").flatMap { Int($0) }
            let state = json["state"] == nil ? nil : try state()
            return .recorded(CallReport.Recording(id: url, url: url, seconds: seconds), state: state)
        default: return .unknown
        }
    }

    private func state() throws(InboundRejection) -> CallState {
        let query = try required("state")
        do {
            return try CallState(query: query)
        } catch {
            throw InboundRejection(.malformed, "/state: expected the state of the last answer")
        }
    }
}
