import RapportChannels
import RapportCore

/// The fields of Twilio's voice requests (twilio.com/docs/voice/twiml#twilios-request-to-your-application).
struct TwilioVoiceForm {
    private let fields: FormFields

    init(_ fields: FormFields) {
        self.fields = fields
    }

    /// What the moment is and, for a status, its number among the call's.
    typealias Moment = (moment: CallReport.Moment, distinction: String?)

    /// - Throws: `malformed`: only the name of the call has to be there.
    func report(_ moment: Moment) throws(InboundRejection) -> CallReport {
        let call = try fields.required("CallSid")
        let isOutbound = try fields.text("Direction")?.hasPrefix("outbound") ?? false
        let from = try first("From", "Caller")
        let to = try first("To", "Called")
        let status = try fields.text("CallStatus") ?? ""
        var attributes: [String: String] = [:]
        for (name, field) in Self.attributes { attributes[name] = try fields.filled(field) }
        let customer = isOutbound ? to : from
        let byMachine = try fields.text("AnsweredBy").map { $0.hasPrefix("machine") || $0 == "fax" } ?? false
        return CallReport(
            call: call, moment: moment.moment, distinction: moment.distinction,
            direction: isOutbound ? .outbound : .inbound, from: from, to: to,
            customer: customer.flatMap(Self.address), occurredAt: nil, attributes: attributes,
            isOver: byMachine || Self.ended.contains(status))
    }

    private func first(_ name: String, _ older: String) throws(InboundRejection) -> String? {
        if let value = try fields.filled(name) { return value }
        return try fields.filled(older)
    }

    private static let attributes = [
        ("status", "CallStatus"), ("called", "To"), ("country", "CallerCountry"), ("answeredBy", "AnsweredBy"),
        ("duration", "CallDuration"), ("digits", "Digits"), ("confidence", "Confidence"),
        ("sipCode", "SipResponseCode"),
    ]

    private static let ended: Set<String> = ["completed", "busy", "failed", "no-answer", "canceled"]

    private static func address(_ caller: String) -> RawAddress? {
        guard !WithheldNumber.contains(caller), !caller.hasPrefix("client:") else { return nil }
        guard caller.hasPrefix("sip:") else { return RawAddress(.tel, caller) }
        // Only the name before the host can be a number: sip:+4930123@pbx.example.com
        let user = caller.dropFirst(4).prefix { $0 != "@" }
        return user.allSatisfy { $0.isNumber || $0 == "+" } ? RawAddress(.tel, String(user)) : nil
    }

    /// The number's voice URL: a call that comes in rings; one that we placed was answered.
    func call() throws(InboundRejection) -> Moment {
        try fields.text("CallStatus") == "in-progress" ? (.answered, nil) : try status()
    }

    func status() throws(InboundRejection) -> Moment {
        switch try fields.text("CallStatus") ?? "" {
        case "queued", "initiated", "ringing": return (.started, nil)
        case "in-progress", "answered": return (.answered, nil)
        case "completed": return (.completed, nil)
        case "busy", "failed", "no-answer", "canceled": return (.missed, nil)
        case let other:
            let number = try fields.filled("SequenceNumber") ?? ""
            return (.unknown, "status:\(other.prefix(40)):\(number)")
        }
    }

    /// The answer to a `<Gather>` or a `<Record>`.
    func step(_ state: CallState) throws(InboundRejection) -> Moment {
        if let recording = try recorded() { return (.recorded(recording, state: state), nil) }
        if let speech = try fields.filled("SpeechResult") { return (.input(.speech(speech), state), nil) }
        // A caller who hangs up while recording sends this word in place of keys.
        guard let digits = try fields.filled("Digits"), digits != "hangup" else {
            return (.input(.nothing, state), nil)
        }
        return (.input(.digits(String(digits.prefix(64))), state), nil)
    }

    /// The callback that says a recording can be fetched; the same row as the step that left it.
    func recording() throws(InboundRejection) -> Moment {
        let status = try fields.text("RecordingStatus") ?? "completed"
        guard status == "completed", let recording = try recorded() else {
            return (.unknown, "recording:\(status.prefix(40)):\(try fields.text("RecordingSid") ?? "")")
        }
        return (.recorded(recording, state: nil), nil)
    }

    /// `nil` when nothing was recorded.
    private func recorded() throws(InboundRejection) -> CallReport.Recording? {
        guard let url = try fields.filled("RecordingUrl") else { return nil }
        let seconds = try fields.text("RecordingDuration").flatMap { Int($0) }
        guard seconds != 0 else { return nil }
        // The URL ends with the recording's id where the field is missing.
        let id = try fields.filled("RecordingSid") ?? String(url.split(separator: "/").last ?? "")
        return CallReport.Recording(id: id, url: url, seconds: seconds)
    }
}
