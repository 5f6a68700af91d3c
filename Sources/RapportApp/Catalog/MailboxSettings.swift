import RapportChannels
import RapportEmail
import RapportYAML

/// The mailboxes under which bounces and mails that unsubscribe come back; the way out and the way in must agree on them.
struct MailboxSettings: Sendable {
    var returnPath: String
    var unsubscribe: String?
    /// The right side of Message-IDs.
    var domain: String

    init(_ config: YAMLMapping) throws {
        returnPath = try Self.mailbox(config.required("returnPath"), example: "bounce@example.com")
        unsubscribe = try config["unsubscribe"].map { try Self.mailbox($0, example: "unsubscribe@example.com") }
        domain = try config["domain"]?.string() ?? returnPath.split(separator: "@").last.map(String.init) ?? ""
    }

    private static func mailbox(_ value: YAMLValue, example: String) throws -> String {
        let text = try value.string()
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !text.contains(where: \.isWhitespace) else {
            throw value.problem("expected a mailbox such as \(example)")
        }
        return text
    }

    /// Makes sure that mails can be written in this sender's name.
    func check(_ sender: MailSender, at value: YAMLValue) throws {
        // No mail is written with these tokens; what is looked at is what goes into its header.
        let identity = identity(tokens: DispatchTokens(secret: Secret("")))
        do throws(SendError) {
            _ = try MailComposer(identity: identity, sender: sender)
        } catch {
            throw value.problem(
                "expected a sender such as \"Example <hello@example.com>\"; or replyTo, listID, returnPath, unsubscribe "
                    + "or domain can't stand in a mail's header")
        }
    }

    var described: [(key: String, value: String)] {
        [("returnPath", returnPath), ("unsubscribe", unsubscribe ?? "–"), ("domain", domain)]
    }

    func identity(tokens: DispatchTokens) -> MailIdentity {
        MailIdentity(domain: domain, returnPath: returnPath, unsubscribeMailbox: unsubscribe, tokens: tokens)
    }
}
