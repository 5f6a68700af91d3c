import Crypto
import Foundation
import Mustache
import RapportCore
import RapportHub

/// Draws the preference page.
struct PreferencePage: Sendable {
    /// Nothing but our own style and our own form (CSP 3).
    let contentSecurityPolicy: String
    private let template: MustacheTemplate

    init() throws {
        _ = HTMLEscaping.registered
        template = try MustacheTemplate(string: PreferenceTemplate.page)
        let hash = Data(SHA256.hash(data: Array(PreferenceTemplate.style.utf8))).base64EncodedString()
        contentSecurityPolicy =
            "default-src 'none'; style-src 'sha256-\(hash)'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }

    /// - Parameter isSaved: whether to say that the last change was saved.
    func html(_ page: PreferenceDesk.Page, language: PageLanguage, isSaved: Bool) -> String {
        let words = PreferenceWords.of(language)
        var values: [String: Any] = [
            "language": language.rawValue, "style": PreferenceTemplate.style, "title": words.title,
            "intro": words.intro, "noTopics": words.noTopics, "pauseTitle": words.pauseTitle, "save": words.save,
            "nothingTitle": words.nothingTitle, "nothing": words.nothing, "nothingNote": words.nothingNote,
            "hasTopics": !page.rows.isEmpty && !page.channels.isEmpty, "topics": topics(page, words: words),
            "pauses": pauses(page, words: words), "stops": stops(page, words: words),
        ]
        if !page.confirmable.isEmpty { values["confirmation"] = confirmation(page, words: words) }
        if isSaved { values["saved"] = words.saved }
        if let until = page.pausedUntil {
            values["paused"] = ["pausedUntil": words.pausedUntil, "date": String(until.rfc3339.prefix(10))]
        }
        return template.render(values)
    }

    /// What waits for the confirmation of whoever holds this link.
    private func confirmation(_ page: PreferenceDesk.Page, words: PreferenceWords) -> [String: Any] {
        let wishes = page.confirmable.map { wish -> [String: Any] in
            ["wish": words.wish(wish.row, wish.channel), "value": PreferenceForm.Choice(wish).text]
        }
        return [
            "confirmTitle": words.confirmTitle, "confirmNote": words.confirmNote, "confirm": words.confirm,
            "wishes": wishes,
        ]
    }

    private func topics(_ page: PreferenceDesk.Page, words: PreferenceWords) -> [[String: Any]] {
        guard !page.channels.isEmpty else { return [] }
        return page.rows.map { row in
            let choices = page.channels.map { channel -> [String: Any] in
                let choice = PreferenceForm.Choice(topic: row.topic, channel: channel)
                let isUnconfirmed = row.unconfirmed.contains(channel)
                // What waits for a confirmation is wanted, and can be unticked like everything that is.
                let isWanted = isUnconfirmed || row.allowed[channel] ?? false
                return [
                    "value": choice.text, "shown": (isWanted ? "1:" : "0:") + choice.text, "checked": isWanted,
                    "channel": words.name(of: channel) + (isUnconfirmed ? " " + words.unconfirmed : ""),
                ]
            }
            return ["title": row.title, "choices": choices]
        }
    }

    /// What keeps a ticked channel silent all the same, and what the customer can do about it.
    private func stops(_ page: PreferenceDesk.Page, words: PreferenceWords) -> [String] {
        page.channels.compactMap { channel in
            page.stopped[channel].map { reason in
                "\(words.name(of: channel)): \(reason == .stop ? words.stopped : words.unreachable)"
            }
        }
    }

    private func pauses(_ page: PreferenceDesk.Page, words: PreferenceWords) -> [[String: Any]] {
        var options: [[String: Any]] = []
        if page.pausedUntil != nil {
            options.append(["value": "keep", "title": words.keepPause, "checked": true])
            options.append(["value": "end", "title": words.endPause, "checked": false])
        } else {
            options.append(["value": "keep", "title": words.noPause, "checked": true])
        }
        for months in PreferenceForm.pauseMonths {
            options.append(["value": "\(months)", "title": words.pauses[months] ?? "\(months)", "checked": false])
        }
        return options
    }
}
