/// A message that one connection is busy with.
struct OpenTransaction: Hashable, Sendable {
    enum Stage: Hashable, Sendable {
        /// Nothing of the content was written.
        case envelope
        /// The content was written, but not all of it has left the process.
        case contentLeaving
        /// The final dot has left: the server may have the message.
        case contentLeft
    }

    let ticket: Int
    let transaction: SMTPTransaction
    /// Whether an earlier message went over the same connection.
    let isLater: Bool
    var stage = Stage.envelope
    /// Recipients asked about so far, and those the server took.
    var asked = 0
    var accepted = 0
    /// Whether the answer is known and told; only the rest of the dialogue is being waited for.
    var isSettled = false
    /// Whether the server has answered any command about it.
    var wasAnswered = false

    init(ticket: Int, transaction: SMTPTransaction, isLater: Bool) {
        self.ticket = ticket
        self.transaction = transaction
        self.isLater = isLater
    }

    var isContentWritten: Bool { stage != .envelope }

    /// Whether DATA goes out with the envelope. With several recipients it must not: some may be refused, and once DATA
    /// is under way the rest would get a message that was meant for all or none.
    var pipelinesData: Bool { transaction.recipients.count == 1 }
}
