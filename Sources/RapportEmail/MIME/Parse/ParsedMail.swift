package import RapportCore

/// A mail in our words: decoded, bounded, and without any opinion about what it means.
package struct ParsedMail: Hashable, Sendable {
    package var envelope: MailEnvelope
    /// In the order of the message.
    package var fields: [MailField]
    package var from: [Mailbox]
    package var sender: [Mailbox]
    package var replyTo: [Mailbox]
    package var to: [Mailbox]
    package var cc: [Mailbox]
    package var date: Timestamp?
    package var subject: String?
    /// With angle brackets, as all Message-IDs here.
    package var messageID: String?
    package var inReplyTo: [String]
    /// The oldest first.
    package var references: [String]
    /// The plain text, or the HTML turned into text when there is no other.
    package var text: String?
    package var attachments: [Attachment]
    /// The media type of the whole mail: `multipart/report`.
    package var mediaType: String
    /// The machine-readable part of a report (RFC 6522), wherever it stands in the mail.
    package var report: MailReport?
    /// The fields of the first message that is enclosed, as reports return what they are about.
    package var enclosed: [MailField]
    /// The first 16 hexadecimal digits of the SHA-256 of everything after the header.
    package var bodyDigest: String

    package struct Mailbox: Hashable, Sendable {
        package var address: String
        package var name: String?

        package init(address: String, name: String? = nil) {
            self.address = address
            self.name = name
        }
    }

    package struct Attachment: Hashable, Sendable {
        package var name: String?
        package var type: String
        /// Decoded; `nil` for a message, which is not unpacked.
        package var size: Int?

        package init(name: String?, type: String, size: Int?) {
            self.name = name
            self.type = type
            self.size = size
        }
    }

    /// The first field of this name (lower case).
    package func field(_ name: String) -> String? { fields.first(name) }
}

/// A header field, decoded.
package struct MailField: Hashable, Sendable {
    /// Lower case.
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [MailField] {
    /// The value of the first field of this name (lower case).
    package func first(_ name: String) -> String? {
        first { $0.name == name }?.value
    }

    /// The values of all fields of this name.
    package func all(_ name: String) -> [String] {
        filter { $0.name == name }.map(\.value)
    }
}

/// The part of a `multipart/report` that programs read.
package struct MailReport: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// RFC 3464.
        case deliveryStatus = "delivery-status"
        /// RFC 8098.
        case dispositionNotification = "disposition-notification"
        /// RFC 5965.
        case feedback = "feedback-report"
    }

    package var kind: Kind
    /// Fields between empty lines.
    package var groups: [[MailField]]

    package init(kind: Kind, groups: [[MailField]]) {
        self.kind = kind
        self.groups = groups
    }
}
