import Foundation
package import RapportCore

/// A message that stands for itself: sent through the API, by a colleague, or as the hub's answer to a keyword.
package struct SingleMessage: Hashable, Sendable, Codable {
    package var subject: String?
    package var text: String
    package var html: String?
    /// Follow-ups that this message answers; closed when it is taken.
    package var closes: [FollowUpID]
    package var conversation: String?
    /// Message-IDs that it answers, the oldest first.
    package var thread: [String]
    /// Who wrote it, as a colleague is called here.
    package var author: String?
    /// A colleague wrote it to this customer, not a program; `nil` in what earlier versions planned.
    package var isPersonal: Bool?
    /// The hub answers by itself (RFC 3834).
    package var isAutomatic: Bool

    package init(
        subject: String? = nil, text: String, html: String? = nil, closes: [FollowUpID] = [],
        conversation: String? = nil, thread: [String] = [], author: String? = nil, isPersonal: Bool? = nil,
        isAutomatic: Bool = false
    ) {
        self.subject = subject
        self.text = text
        self.html = html
        self.closes = closes
        self.conversation = conversation
        self.thread = thread
        self.author = author
        self.isPersonal = isPersonal
        self.isAutomatic = isAutomatic
    }

    /// As it is kept with its dispatch.
    package func encoded() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// `nil` when the text is no message of ours.
    package init?(encoded: String) {
        guard let message = try? JSONDecoder().decode(Self.self, from: Data(encoded.utf8)) else { return nil }
        self = message
    }
}
