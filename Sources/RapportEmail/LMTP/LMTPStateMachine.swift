/// One connection of an LMTP server (RFC 2033) as a value: events go in, actions come out, nothing else happens.
package struct LMTPStateMachine: Sendable {
    package enum Action: Hashable, Sendable {
        case write([UInt8])
        /// Hand the message over; read nothing more until `delivered` is told.
        case deliver(LMTPMessage)
        /// Close when all that was written has left.
        case close
    }

    package enum Phase: Hashable, Sendable {
        case connected
        case ready
        /// MAIL was taken.
        case envelope
        case content
        case delivering
        case closed
    }

    let hostName: String
    let limits: LMTPLimits
    let peer: String?
    let accepts: @Sendable (String) -> LMTPReply?
    package internal(set) var phase = Phase.connected
    var mailFrom = ""
    var allowsUTF8 = false
    var recipients: [String] = []
    var reader = LMTPContentReader(limit: 0)
    /// What came behind a content while it is being handled, or a command that has begun.
    var pending: [UInt8] = []
    var idleCommands = 0
    /// Commands that came whole.
    package private(set) var commands = 0
    var isDraining = false
    /// The content was dropped for want of memory, not for its size.
    var lacksMemory = false
    var actions: [Action] = []

    /// - Parameter accepts: `nil` when mail for the recipient is ours, else how to refuse it.
    package init(
        hostName: String, limits: LMTPLimits, peer: String? = nil, accepts: @escaping @Sendable (String) -> LMTPReply?
    ) {
        self.hostName = hostName
        self.limits = limits
        self.peer = peer
        self.accepts = accepts
    }

    /// Bytes of content held here; those of a message under delivery are its handler's.
    package var heldBytes: Int { reader.content.count + pending.count }

    package mutating func connected() -> [Action] {
        // Told to close before the connection stood.
        guard phase == .connected else { return [] }
        write("220 \(hostName) LMTP\r\n")
        return takeActions()
    }

    package mutating func received(_ bytes: [UInt8]) -> [Action] {
        guard phase != .closed else { return [] }
        pending = pending.isEmpty ? bytes : pending + bytes
        work()
        return takeActions()
    }

    /// The handler is done with the message; what it said is passed on, one reply for each recipient (RFC 2033, 4.2).
    package mutating func delivered(_ replies: [LMTPReply]) -> [Action] {
        guard phase == .delivering else { return [] }
        answerEach { $0 < replies.count ? replies[$0] : .tryLater }
        idleCommands = 0
        if isDraining { sayGoodbye(LMTPReply(421, EnhancedStatus(4, 3, 2), "shutting down")) } else { work() }
        return takeActions()
    }

    /// There is no memory for the content being read.
    package mutating func outOfMemory() {
        guard phase == .content else { return }
        lacksMemory = true
        reader.drop()
    }

    /// Closes now, or after the message that is being read or handled.
    package mutating func drain() -> [Action] {
        isDraining = true
        switch phase {
        case .content, .delivering, .closed: break
        default: sayGoodbye(LMTPReply(421, EnhancedStatus(4, 3, 2), "shutting down"))
        }
        return takeActions()
    }

    package mutating func timedOut() -> [Action] {
        guard phase != .delivering, phase != .closed else { return [] }
        sayGoodbye(LMTPReply(421, EnhancedStatus(4, 4, 2), "timed out"))
        return takeActions()
    }

    private mutating func work() {
        var rest = pending[...]
        loop: while !rest.isEmpty {
            switch phase {
            case .closed, .delivering: break loop
            case .content: readContent(&rest)
            default:
                guard let line = nextLine(&rest) else { break loop }
                commands += 1
                take(LMTPCommand(line))
            }
        }
        pending = phase == .closed ? [] : Array(rest)
    }

    private mutating func readContent(_ rest: inout ArraySlice<UInt8>) {
        guard reader.read(&rest) else {
            // Someone who sends without end gets no answer at the end of it.
            if reader.count / 4 > limits.message { sayGoodbye(.tooLarge) }
            return
        }
        if lacksMemory {
            answerEach { _ in LMTPReply(451, EnhancedStatus(4, 3, 1), "no memory, try again later") }
        } else if reader.isTooLarge {
            answerEach { _ in .tooLarge }
        } else {
            phase = .delivering
            let message = LMTPMessage(mailFrom: mailFrom, recipients: recipients, bytes: reader.content, peer: peer)
            reader = LMTPContentReader(limit: 0)
            actions.append(.deliver(message))
            return
        }
        if isDraining { sayGoodbye(LMTPReply(421, EnhancedStatus(4, 3, 2), "shutting down")) }
    }

    /// The next command without its line end; commands end with CRLF and nothing else.
    private mutating func nextLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = rest.prefix(limits.line).firstIndex(of: UInt8(ascii: "\n")) else {
            if rest.count >= limits.line { sayGoodbye(LMTPReply(500, EnhancedStatus(5, 5, 2), "line too long")) }
            return nil
        }
        let line = rest[rest.startIndex..<end]
        guard line.last == UInt8(ascii: "\r") else {
            sayGoodbye(LMTPReply(500, EnhancedStatus(5, 5, 2), "lines end with CR LF"))
            return nil
        }
        rest = rest[(end + 1)...]
        return line.dropLast()
    }

    private mutating func answerEach(_ reply: (Int) -> LMTPReply) {
        for index in recipients.indices { self.reply(reply(index)) }
        forgetEnvelope()
    }

    mutating func forgetEnvelope() {
        mailFrom = ""
        allowsUTF8 = false
        recipients = []
        reader = LMTPContentReader(limit: 0)
        lacksMemory = false
        phase = .ready
    }

    mutating func reply(_ reply: LMTPReply) {
        write(reply.line)
    }

    mutating func write(_ text: String) {
        write(Array(text.utf8))
    }

    mutating func sayGoodbye(_ last: LMTPReply) {
        reply(last)
        phase = .closed
        pending = []
        reader = LMTPContentReader(limit: 0)
        actions.append(.close)
    }

    private mutating func write(_ bytes: [UInt8]) {
        if case .write(var before) = actions.last {
            actions.removeLast()
            before += bytes
            actions.append(.write(before))
        } else {
            actions.append(.write(bytes))
        }
    }

    private mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }
}

extension LMTPReply {
    static let tooLarge = LMTPReply(552, EnhancedStatus(5, 3, 4), "message too large")
}
