import NIOCore
import RapportChannels

/// A message on its way through the pool, with whoever waits for its fate.
struct SMTPJob: Sendable {
    let id: UInt64
    let transaction: SMTPTransaction
    let content: ByteBuffer
    let continuation: CheckedContinuation<Result<Receipt, SendError>, Never>
    /// How many connections gave it back.
    var returns = 0

    /// A second connection may try what the first never looked at; after that the sender should know.
    static let returnLimit = 1
}
