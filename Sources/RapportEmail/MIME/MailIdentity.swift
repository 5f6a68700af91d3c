package import RapportChannels
package import RapportCore

/// The mailboxes and names under which a hub sends, and by which it recognises what comes back.
///
/// A return path such as `bounce@example.com` becomes `bounce+d42-k3jq0v5m2x7a9bcd@example.com` for one dispatch (VERP),
/// and the Message-ID becomes `<d42-8s1nq4c6r9vd2xfy@example.com>`. Tokens of return paths and for leaving are parts of
/// their own of the message's code (`DispatchTokens.Purpose`), so that nobody can make one from a Message-ID. They also
/// name the route of a dispatch that may go to several mailboxes (`d42.1-…`).
package struct MailIdentity: Sendable {
    /// The right side of the Message-IDs.
    package let domain: String
    /// Where bounces go; its local part gets `+TOKEN`.
    package let returnPath: String
    /// Where mails that unsubscribe go; `nil`: only the link is offered.
    package let unsubscribeMailbox: String?
    package let tokens: DispatchTokens
    private let returnPathParts: Parts?
    private let unsubscribeParts: Parts?

    /// A mailbox taken apart at its last `@`.
    private struct Parts: Sendable {
        let local: String
        let domain: String

        init?(_ mailbox: String) {
            guard let at = mailbox.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
            local = String(mailbox[..<at])
            domain = String(mailbox[mailbox.utf8.index(after: at)...])
        }

        func tagged(_ token: String) -> String {
            "\(local)+\(token)@\(domain)"
        }

        /// What follows the `+` when the rest is this mailbox; case does not matter.
        func tag(of mailbox: String) -> String? {
            let mailbox = mailbox.lowercased()
            let start = local.lowercased() + "+"
            let end = "@" + domain.lowercased()
            guard mailbox.hasPrefix(start), mailbox.hasSuffix(end),
                mailbox.utf8.count > start.utf8.count + end.utf8.count
            else { return nil }
            return String(mailbox.dropFirst(start.count).dropLast(end.count))
        }
    }

    package init(domain: String, returnPath: String, unsubscribeMailbox: String? = nil, tokens: DispatchTokens) {
        self.domain = domain.lowercased()
        self.returnPath = returnPath
        self.unsubscribeMailbox = unsubscribeMailbox
        self.tokens = tokens
        returnPathParts = Parts(returnPath)
        unsubscribeParts = unsubscribeMailbox.flatMap(Parts.init)
    }

    /// What the mail of one dispatch is known by.
    package struct Names: Sendable {
        /// With angle brackets, as it stands in the header.
        package let messageID: String
        package let returnPath: String
        package let unsubscribeMailbox: String?
    }

    /// - Parameter route: over which the dispatch goes, where it may go to several mailboxes; the Message-ID does not name it.
    package func names(of dispatch: DispatchID, route: Int? = nil) -> Names {
        let own = tokens.tokens(of: dispatch, route: route)
        let all = route == nil ? own : tokens.tokens(of: dispatch)
        return Names(
            messageID: "<\(all[.delivery])@\(domain)>",
            returnPath: returnPathParts?.tagged(own[.returnPath]) ?? returnPath,
            unsubscribeMailbox: unsubscribeParts?.tagged(own[.preferences]))
    }

    /// Whether dispatches have return paths that tell them apart, by which what comes back can be proven.
    var hasReturnPaths: Bool { returnPathParts != nil }

    /// The dispatch whose return path this mailbox is.
    package func dispatch(returnedTo mailbox: String) -> DispatchID? { sent(returnedTo: mailbox)?.dispatch }

    /// The same with the route that it went over, where the return path names one.
    package func sent(returnedTo mailbox: String) -> (dispatch: DispatchID, route: Int?)? {
        returnPathParts?.tag(of: mailbox).flatMap { tokens.verify($0, purpose: .returnPath) }
    }

    /// The dispatch whose List-Unsubscribe field this is, by the mailbox in it, with the route where it names one. The link
    /// beside it proves nothing: it also stands in the text, which answers quote.
    func sent(unsubscribing field: String) -> (dispatch: DispatchID, route: Int?)? {
        field.split { "<>, ?".contains($0) }.lazy.filter { $0.lowercased().hasPrefix("mailto:") }
            .compactMap { sent(unsubscribedAt: String($0.dropFirst("mailto:".count))) }.first
    }

    private func sent(unsubscribedAt mailbox: String) -> (dispatch: DispatchID, route: Int?)? {
        unsubscribeParts?.tag(of: mailbox).flatMap { tokens.verify($0, purpose: .preferences) }
    }

    /// The dispatch that a Message-ID of ours names, with or without angle brackets.
    package func dispatch(messageID: String) -> DispatchID? {
        let bare = messageID.drop { $0 == "<" || $0.isWhitespace }.prefix { $0 != ">" }
        guard let at = bare.lastIndex(of: "@"), bare[bare.index(after: at)...].lowercased() == domain else {
            return nil
        }
        return tokens.verify(String(bare[..<at]), purpose: .delivery)?.dispatch
    }

    /// Whether mail to this mailbox asks to unsubscribe, and from which dispatch when it says so, with the route where
    /// it names one.
    package func unsubscription(mailbox: String) -> (isOne: Bool, sent: (dispatch: DispatchID, route: Int?)?) {
        guard let own = unsubscribeMailbox else { return (false, nil) }
        if mailbox.lowercased() == own.lowercased() { return (true, nil) }
        let found = sent(unsubscribedAt: mailbox)
        return (found != nil, found)
    }
}
