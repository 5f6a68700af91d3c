import RapportChannels
import RapportCore

extension SMTPStateMachine {
    /// Begins a message; only when `canBegin`.
    package mutating func begin(_ ticket: Int, _ transaction: SMTPTransaction) -> [Action] {
        guard canBegin else { return [.giveBack(ticket, SendError(.connection))] }
        if let refusal = transaction.refusal(by: capabilities) { return [.complete(ticket, .failure(refusal))] }
        let open = OpenTransaction(ticket: ticket, transaction: transaction, isLater: begun > 0)
        begun += 1
        progress += 1
        transactions.append(open)
        writeMail(open)
        if capabilities.pipelining {
            for _ in transaction.recipients { writeRecipient(transactions.count - 1) }
            if open.pipelinesData { command(.data, "DATA", ticket: ticket) }
        }
        return takeActions()
    }

    /// The last byte of the content, its final dot, has left the process.
    package mutating func contentFlushed(_ ticket: Int) {
        guard let index = transactions.firstIndex(where: { $0.ticket == ticket }),
            transactions[index].stage == .contentLeaving
        else { return }
        transactions[index].stage = .contentLeft
        progress += 1
    }

    mutating func transactionReply(_ reply: SMTPReply, to expected: Expectation) {
        guard let ticket = expected.ticket, let index = transactions.firstIndex(where: { $0.ticket == ticket }) else {
            return
        }
        if reply.code == 421 { return serviceClosing(reply, expected.command, index) }
        // 3xx asks for more, which only DATA can mean; anything else would leave us out of step.
        guard reply.code / 100 != 3 || expected.command == .data && reply.code == 354 else { return violated() }
        transactions[index].wasAnswered = true
        switch expected.command {
        case .mail: mailReply(reply, index)
        case .rcpt: recipientReply(reply, index)
        case .data: dataReply(reply, index)
        case .content: contentReply(reply, index, isEmpty: expected.isEmptyContent)
        default: break
        }
    }

    private mutating func mailReply(_ reply: SMTPReply, _ index: Int) {
        guard !refuse(reply, .mail, index) else {
            if !capabilities.pipelining { finish(index) }
            return
        }
        if !capabilities.pipelining { writeRecipient(index) }
    }

    private mutating func recipientReply(_ reply: SMTPReply, _ index: Int) {
        if !refuse(reply, .rcpt, index) { transactions[index].accepted += 1 }
        let open = transactions[index]
        if capabilities.pipelining {
            // Only the last of several recipients decides whether DATA is written at all.
            let isLast = !expectations.contains { $0.ticket == open.ticket }
            guard isLast, !open.pipelinesData else { return }
            open.isSettled ? resetAndFinish(index) : command(.data, "DATA", ticket: open.ticket)
        } else if open.isSettled {
            resetAndFinish(index)
        } else if open.asked < open.transaction.recipients.count {
            writeRecipient(index)
        } else {
            command(.data, "DATA", ticket: open.ticket)
        }
    }

    private mutating func dataReply(_ reply: SMTPReply, _ index: Int) {
        let open = transactions[index]
        guard reply.code == 354 else {
            guard refuse(reply, .data, index) else { return violated() }
            return resetAndFinish(index)
        }
        if !open.isSettled {
            transactions[index].stage = .contentLeaving
            expectations.append(Expectation(command: .content, ticket: open.ticket))
            actions.append(.writeContent(open.ticket))
        } else if open.accepted == 0 {
            // The server wants content for nobody: it gets none (RFC 2920, section 3.1).
            write(".\r\n".utf8)
            expectations.append(Expectation(command: .content, ticket: open.ticket, isEmptyContent: true))
        } else {
            // Somebody would get an empty message; only leaving takes that back.
            end(with: SendError(.connection))
        }
    }

    private mutating func contentReply(_ reply: SMTPReply, _ index: Int, isEmpty: Bool) {
        let open = transactions[index]
        if isEmpty { return finish(index) }
        if open.stage == .contentLeaving {
            // An answer to half a message: a refusal can be believed, but the server is out of step from here on.
            _ = refuse(reply, .content, index)
            return end(with: SendError(.connection))
        }
        if !refuse(reply, .content, index) {
            settle(index, .success(Receipt(state: .accepted, detail: reply.summary)))
        }
        finish(index)
    }

    /// 421: the server closes whatever the command was; nothing that follows is answered.
    private mutating func serviceClosing(_ reply: SMTPReply, _ command: SMTPCommand, _ index: Int) {
        let open = transactions[index]
        let error = reply.sendError(refusing: command)
        if open.isLater, !open.wasAnswered, !open.isSettled {
            // Most likely the server was tired of the connection, not of the message.
            transactions[index].isSettled = true
            actions.append(.giveBack(open.ticket, error))
        } else {
            settle(index, .failure(error))
        }
        end(with: SendError(.connection, status: reply.status))
    }

    /// Settles the message when the reply is a refusal, and tells whether it is.
    private mutating func refuse(_ reply: SMTPReply, _ command: SMTPCommand, _ index: Int) -> Bool {
        guard reply.isTransient || reply.isPermanent else { return false }
        settle(index, .failure(reply.sendError(refusing: command)))
        return true
    }

    mutating func settle(_ index: Int, _ result: Result<Receipt, SendError>) {
        guard !transactions[index].isSettled else { return }
        transactions[index].isSettled = true
        wasUseful = wasUseful || transactions[index].wasAnswered
        actions.append(.complete(transactions[index].ticket, result))
    }

    private mutating func resetAndFinish(_ index: Int) {
        command(.reset, "RSET")
        finish(index)
    }

    private mutating func finish(_ index: Int) {
        transactions.remove(at: index)
        closeWhenDone()
    }

    private mutating func writeMail(_ open: OpenTransaction) {
        let transaction = open.transaction
        write("MAIL FROM:<".utf8)
        write(transaction.mailFrom)
        var end = ">"
        if capabilities.takesSize { end += " SIZE=\(transaction.size)" }
        if transaction.needs8bit { end += " BODY=8BITMIME" }
        if transaction.needsUTF8 { end += " SMTPUTF8" }
        command(.mail, end, ticket: open.ticket)
    }

    private mutating func writeRecipient(_ index: Int) {
        let open = transactions[index]
        transactions[index].asked += 1
        write("RCPT TO:<".utf8)
        write(open.transaction.recipients[open.asked])
        command(.rcpt, ">", ticket: open.ticket)
    }
}
