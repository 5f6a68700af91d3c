package import RapportChannels
import RapportCore
import RapportHub

/// What the page's form asks for. Pure.
package struct PreferenceForm: Hashable, Sendable {
    /// One box: a topic over a channel.
    struct Choice: Hashable, Sendable {
        var topic: String
        var channel: Channel

        init(topic: String, channel: Channel) {
            self.topic = topic
            self.channel = channel
        }

        init(_ wish: (row: PreferenceDesk.Row, channel: Channel)) {
            self.init(topic: wish.row.topic, channel: wish.channel)
        }

        /// `email:offers`
        var text: String { "\(channel.rawValue):\(topic)" }

        init?(_ text: some StringProtocol) {
            guard let colon = text.firstIndex(of: ":"), let channel = Channel(rawValue: String(text[..<colon])) else {
                return nil
            }
            self.init(topic: String(text[text.index(after: colon)...]), channel: channel)
        }
    }

    enum Pause: Hashable, Sendable {
        case keep
        case end
        case months(Int)
    }

    static let pauseMonths = [1, 3, 6]

    /// A page of five hundred topics over four channels sends as many when every box is ticked.
    static let fieldLimit = 4_100

    /// Every box that was on the page, and whether it was ticked when it was shown.
    var shown: [Choice: Bool] = [:]
    var allowed: Set<Choice> = []
    /// What the button to confirm stood for.
    var confirmed: Set<Choice> = []
    var pause = Pause.keep
    var wantsNothing = false

    /// `nil` when the body is not the page's own form.
    ///
    /// - Throws: `malformed` when it is and can't be read.
    package init?(_ body: [UInt8], mediaType: String) throws(InboundRejection) {
        guard mediaType == "application/x-www-form-urlencoded", Self.isMarked(body) else { return nil }
        let form = try FormFields(body, place: "form", limit: Self.fieldLimit)
        guard try form.text("form") == "preferences" else { return nil }
        for (name, bytes) in form.fields {
            let value = String(decoding: bytes, as: UTF8.self).storable
            switch name {
            case "shown": if let choice = Choice(value.dropFirst(2)) { shown[choice] = value.hasPrefix("1:") }
            case "allow": if let choice = Choice(value) { allowed.insert(choice) }
            case "confirm": if let choice = Choice(value) { confirmed.insert(choice) }
            case "pause": pause = Self.pause(value)
            case "all": wantsNothing = wantsNothing || value == "off"
            default: break
            }
        }
    }

    /// Whether the field is there by which the page knows its own form, written as browsers write it.
    private static func isMarked(_ body: [UInt8]) -> Bool {
        body.split(separator: UInt8(ascii: "&")).contains { $0.elementsEqual("form=preferences".utf8) }
    }

    private static func pause(_ value: String) -> Pause {
        if value == "end" { return .end }
        if let months = Int(value), pauseMonths.contains(months) { return .months(months) }
        return .keep
    }

    /// What the customer changed: only boxes that they saw, and of those only the ones that they moved, so that a form
    /// sent twice or a page left open says nothing that they didn't. A no is always written, a yes only when it is news.
    func changes(to page: PreferenceDesk.Page, now: Timestamp) -> [PreferenceDesk.Change] {
        if wantsNothing { return [.forbid(topic: nil, channel: nil)] }
        // Only what was on the button, and of that what still waits: a form sent twice confirms once.
        if !confirmed.isEmpty {
            return page.confirmable.filter { confirmed.contains(Choice($0)) }
                .map { .confirm(topic: $0.row.topic, channel: $0.channel) }
        }
        var changes: [PreferenceDesk.Change] = []
        for row in page.rows {
            for channel in page.channels {
                let choice = Choice(topic: row.topic, channel: channel)
                guard let was = shown[choice] else { continue }
                let wanted = allowed.contains(choice)
                if was, !wanted { changes.append(.forbid(topic: row.topic, channel: channel)) }
                if !was, wanted, row.allowed[channel] != true {
                    changes.append(.allow(topic: row.topic, channel: channel))
                }
            }
        }
        switch pause {
        case .keep: break
        case .end: if page.pausedUntil != nil { changes.append(.pause(until: nil)) }
        case .months(let months): changes.append(.pause(until: now.adding(months: months)))
        }
        return changes
    }
}

extension Timestamp {
    /// The same time of day so many calendar months later, in UTC; the day is cut to the month's length.
    func adding(months: Int) -> Timestamp {
        let ofDay = seconds - Int64(daysSinceEpoch) * 86400
        var date = CivilDate(daysSinceEpoch: daysSinceEpoch)
        let month = date.year * 12 + date.month - 1 + months
        date = CivilDate(year: month / 12, month: month % 12 + 1, day: date.day)
        date.day = min(date.day, CivilDate.daysInMonth(date.month, of: date.year))
        return Timestamp(seconds: Int64(date.daysSinceEpoch) * 86400 + ofDay)
    }

    private var daysSinceEpoch: Int {
        Int(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400)
    }
}
