package import RapportChannels

/// One connection of an SMTP client (RFC 5321) as a value: events go in, actions come out, nothing else happens.
///
/// The connection's owner carries the actions out in their order and reports what follows. Messages are known by
/// tickets of the owner's choosing; each ticket that was begun gets exactly one `complete` or `giveBack`.
package struct SMTPStateMachine: Sendable {
    package enum Security: String, Hashable, Sendable, CaseIterable {
        /// In clear text.
        case none
        /// TLS by STARTTLS (RFC 3207); a server that does not offer it gets nothing.
        case startTLS
        /// TLS from the first byte (RFC 8314).
        case tls
    }

    package struct Settings: Hashable, Sendable {
        package var clientName: String
        package var security: Security
        package var credentials: SMTPCredentials?
        /// Lets credentials travel in clear text, for a relay on the same host.
        package var allowsAuthenticationInClear: Bool
        /// The connection is closed after this many messages.
        package var messageLimit: Int
        package var replyLimits: SMTPReplyParser.Limits

        package init(
            clientName: String, security: Security, credentials: SMTPCredentials? = nil,
            allowsAuthenticationInClear: Bool = false, messageLimit: Int = .max,
            replyLimits: SMTPReplyParser.Limits = .init()
        ) {
            self.clientName = clientName
            self.security = security
            self.credentials = credentials
            self.allowsAuthenticationInClear = allowsAuthenticationInClear
            self.messageLimit = messageLimit
            self.replyLimits = replyLimits
        }
    }

    package enum Action: Hashable, Sendable {
        case write([UInt8])
        /// Write the content of this ticket, and tell `contentFlushed` when its last byte has left the process.
        case writeContent(Int)
        /// Begin TLS and tell `secured` when it stands. Whatever has been read so far has been dropped.
        case startTLS
        /// Messages can be begun.
        case ready
        case complete(Int, Result<Receipt, SendError>)
        /// The connection ended before the server saw the message as more than an envelope, and not for a reason that
        /// has to do with it: another connection may try it. The error is for when there is none.
        case giveBack(Int, SendError)
        /// The connection ended before it was ready.
        case failed(SendError)
        /// Close; nothing more that was to be written may leave.
        case abort
        /// Close after the server said good-bye.
        case close

        var isWrite: Bool {
            switch self {
            case .write, .writeContent: true
            default: false
            }
        }
    }

    enum Phase: Hashable, Sendable {
        case connecting
        case greeting
        case hello
        case startingTLS
        case securing
        case authenticating
        case ready
        case quitting
        case closed
    }

    /// A command on its way, in the order in which its answer must come.
    struct Expectation: Hashable, Sendable {
        var command: SMTPCommand
        var ticket: Int?
        /// A lone dot that only ends a DATA which should have been refused.
        var isEmptyContent = false
    }

    let settings: Settings
    var phase = Phase.connecting
    var isSecure = false
    var isDraining = false
    var expectations: [Expectation] = []
    var transactions: [OpenTransaction] = []
    var begun = 0
    /// Grows with each reply and each step of ours: as long as it stays, time runs out.
    package internal(set) var progress = 0
    /// Whether the server has taken or refused a message.
    package internal(set) var wasUseful = false
    var authenticationAnswers: [[UInt8]] = []
    var actions: [Action] = []
    var parser: SMTPReplyParser
    package internal(set) var capabilities = SMTPCapabilities()

    package init(_ settings: Settings) {
        self.settings = settings
        self.parser = SMTPReplyParser(limits: settings.replyLimits)
    }

    /// Whether a message can be begun now, behind the content of the one before if the server takes that.
    package var canBegin: Bool {
        guard phase == .ready, !isDraining, begun < settings.messageLimit else { return false }
        guard let open = transactions.first else { return capabilities.pipelining || expectations.isEmpty }
        return capabilities.pipelining && transactions.count == 1 && open.isContentWritten
    }

    /// Whether no message is open and no answer awaited.
    package var isIdle: Bool { phase == .ready && transactions.isEmpty && expectations.isEmpty }

    /// Whether the handshake is over and messages can be, or are being, sent.
    package var isReady: Bool { phase == .ready }

    package var isClosed: Bool { phase == .closed }

    /// What keeps the machine waiting, so that its owner can set the time; `nil` when nothing does.
    package var waitsFor: Wait? {
        switch phase {
        case .closed: nil
        case .connecting, .securing: .handshake
        default:
            expectations.first.map { head in
                let open = transactions.first { $0.ticket == head.ticket }
                return head.command == .content && open?.stage == .contentLeaving
                    ? .contentToLeave : .reply(head.command)
            }
        }
    }

    package enum Wait: Hashable, Sendable {
        /// TCP or TLS.
        case handshake
        case reply(SMTPCommand)
        /// The network, to take the content.
        case contentToLeave
    }

    mutating func write(_ bytes: some Sequence<UInt8>) {
        if case .write(var pending) = actions.last {
            actions.removeLast()
            pending += bytes
            actions.append(.write(pending))
        } else {
            actions.append(.write(Array(bytes)))
        }
    }

    mutating func command(_ command: SMTPCommand, _ line: String, ticket: Int? = nil) {
        write(line.utf8)
        write([UInt8(ascii: "\r"), UInt8(ascii: "\n")])
        expectations.append(Expectation(command: command, ticket: ticket))
    }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }
}
