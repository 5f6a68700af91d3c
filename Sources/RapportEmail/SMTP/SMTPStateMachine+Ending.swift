package import RapportChannels

extension SMTPStateMachine {
    /// Take no more messages, and say QUIT once those that are open are done.
    package mutating func drain() -> [Action] {
        isDraining = true
        closeWhenDone()
        return takeActions()
    }

    /// The connection is gone.
    package mutating func closed() -> [Action] {
        end(with: SendError(.connection))
        return takeActions()
    }

    /// TLS failed, or the owner gives the connection up for a reason of its own.
    package mutating func failed(_ error: SendError) -> [Action] {
        end(with: error)
        return takeActions()
    }

    /// What `waitsFor` named did not come in time.
    package mutating func timedOut() -> [Action] {
        if let late = transactions.firstIndex(where: { $0.ticket == expectations.first?.ticket }),
            transactions[late].stage != .contentLeft
        {
            settle(late, .failure(SendError(.timeout)))
        }
        end(with: SendError(isReadyOrLater ? .connection : .timeout))
        return takeActions()
    }

    mutating func closeWhenDone() {
        guard phase == .ready, transactions.isEmpty, isDraining || begun >= settings.messageLimit,
            capabilities.pipelining || expectations.isEmpty
        else { return }
        phase = .quitting
        command(.quit, "QUIT")
    }

    /// Ends the connection at once and tells each open message what that means for it.
    mutating func end(with error: SendError) {
        guard phase != .closed else { return }
        // What has not been handed out yet must not leave any more, least of all a content that is called lost below.
        actions.removeAll(where: \.isWrite)
        guard isReadyOrLater else {
            return fail(isMakingSecure && error == SendError(.connection) ? .lostInTLS : error)
        }
        phase = .closed
        expectations = []
        for index in transactions.indices where !transactions[index].isSettled {
            let open = transactions[index]
            if open.stage == .contentLeft {
                settle(index, .failure(SendError(.uncertain)))
            } else if open.isLater, open.stage == .envelope, !open.wasAnswered {
                actions.append(.giveBack(open.ticket, error))
            } else {
                settle(index, .failure(error))
            }
        }
        transactions = []
        actions.append(.abort)
    }

    private var isReadyOrLater: Bool { phase == .ready || phase == .quitting }

    private var isMakingSecure: Bool {
        phase == .securing || (phase == .connecting && settings.security == .tls)
    }
}

extension SendError {
    /// The line broke amid the handshake, whether by an end, a reset or an alert that was cut off.
    fileprivate static let lostInTLS = SendError(.connection, status: "TLS")
}
